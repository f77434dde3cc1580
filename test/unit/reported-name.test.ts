import { readConfig } from "../../upgrade/read-config";
import { reportedName } from "../../upgrade/reported-name";
import { exampleConfig, exampleWorkloads } from "../example";

const config = readConfig(exampleConfig());

test.each([
  ["java", "6.6.0", "SW_AGENT_NAME", "basket"],
  ["ruby", "0.1.0", "SW_AGENT_SERVICE_NAME", "basket"],
  ["ruby", "0.1.0", "SW_AGENT_NAME", "cart"],
  ["satellite", "1.3.0", "SW_AGENT_NAME", "cart"],
] as const)("the %s agent %s with %s is shown as %s", (language, release, name, shown) => {
  const { cart } = config.services;
  const workload = exampleWorkloads().get("Deployment/default/shop/cart");
  if (cart === undefined || workload === undefined) throw new Error("the example has no cart");
  const podSpec = { containers: [{ name: "cart", env: [{ name, value: "basket" }] }] };
  const service = { ...cart, agent: { language, release } };
  expect(reportedName(config, service, { ...workload, podSpec }, config.from)).toBe(shown);
});
