import { agentReleases, type AgentLanguage } from "../../skywalking/agent";
import { languageBy } from "./language";

/** Name and tag of an image; a digest is no tag. */
function split(image: string): { readonly repository: string; readonly tag: string } {
  const [name = ""] = image.split("@");
  const colon = name.lastIndexOf(":");
  // A colon before the last slash is that of the registry's port.
  return colon > name.lastIndexOf("/")
    ? { repository: name.slice(0, colon), tag: name.slice(colon + 1) }
    : { repository: name, tag: "" };
}

/** Whose agent an image holds, by its repository; undefined where the name does not say it. */
export function languageOfImage(image: string): AgentLanguage | undefined {
  return languageBy("agentImages", split(image).repository);
}

/** Whether an image may hold an agent, by its repository. */
export function speaksOfAgent(image: string): boolean {
  return split(image).repository.includes("skywalking");
}

/** The release of an agent that is named in a text, such as `8.7.0-alpine`; undefined where none is, or no known one. */
export function releaseIn(text: string, language: AgentLanguage): string | undefined {
  const releases: readonly string[] = agentReleases(language);
  // The distribution's first release is tagged 6.0.0-GA; nothing else stands behind the numbers without a sign between.
  const found = /(?<![\d.])\d+\.\d+\.\d+(-GA)?(?![\d.])/.exec(text)?.[0];
  return found !== undefined && releases.includes(found) ? found : undefined;
}

/** The release of the agent in an image, by its tag. */
export function releaseOfImage(image: string, language: AgentLanguage): string | undefined {
  return releaseIn(split(image).tag, language);
}
