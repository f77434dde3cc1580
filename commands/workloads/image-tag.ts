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

/**
 * The release of an agent that a text names, such as `8.7.0-alpine`; undefined when it names none or an unknown one.
 */
export function releaseIn(text: string, language: AgentLanguage): string | undefined {
  const releases: readonly string[] = agentReleases(language);
  // The distribution's first release is tagged 6.0.0-GA; no other suffix is attached to the numbers like that.
  const found = /(?<![\d.])\d+\.\d+\.\d+(-GA)?(?![\d.])/.exec(text)?.[0];
  return found !== undefined && releases.includes(found) ? found : undefined;
}

/** The release of the agent in an image, by its tag. */
export function releaseOfImage(image: string, language: AgentLanguage): string | undefined {
  return releaseIn(split(image).tag, language);
}
