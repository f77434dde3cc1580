import { agentReleases, type AgentLanguage } from "../../skywalking/agent";
import { languageBy } from "./language";

/** Repository and tag of an image; a digest is not a tag. */
function split(image: string): { readonly repository: string; readonly tag: string } {
  const [name = ""] = image.split("@");
  const colon = name.lastIndexOf(":");
  // A colon before the last slash belongs to the registry's port.
  return colon > name.lastIndexOf("/")
    ? { repository: name.slice(0, colon), tag: name.slice(colon + 1) }
    : { repository: name, tag: "" };
}

/** The language of the agent in an image, by its repository; undefined when the name does not tell. */
export function languageOfImage(image: string): AgentLanguage | undefined {
  return languageBy("agentImages", split(image).repository);
}

/** Whether an image may hold an agent, by its repository. */
export function speaksOfAgent(image: string): boolean {
  return split(image).repository.includes("skywalking");
}

/** The release that a text names, such as `8.7.0-alpine`; undefined when it names none. */
function named(text: string): string | undefined {
  // The distribution's first release is tagged 6.0.0-GA; no other suffix is attached to the numbers like that.
  return /(?<![\d.])\d+\.\d+\.\d+(-GA)?(?![\d.])/.exec(text)?.[0];
}

/** Whether it is a release of the agent that is known. */
export function isKnown(release: string, language: AgentLanguage): boolean {
  const releases: readonly string[] = agentReleases(language);
  return releases.includes(release);
}

/** The release of an agent that a text names; undefined when it names none or an unknown one. */
export function releaseIn(text: string, language: AgentLanguage): string | undefined {
  const found = named(text);
  return found !== undefined && isKnown(found, language) ? found : undefined;
}

/** The release of the agent in an image, by its tag. That of the agent's own image is one, even if it is not known. */
export function releaseOfImage(image: string, language: AgentLanguage): string | undefined {
  const { tag } = split(image);
  return languageOfImage(image) === language ? named(tag) : releaseIn(tag, language);
}
