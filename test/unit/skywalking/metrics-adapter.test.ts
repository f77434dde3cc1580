import { labelsFor, selectedService } from "../../../skywalking/metrics-adapter";

/** The example of the adapter's own documentation. */
const parts = {
  "service.str.0": "v1",
  "service.byte.1": "7c",
  "service.str.2": "productpage",
  "service.byte.3": "7c",
  "service.byte.4": "2d",
};

test.each([
  [{ service: "front_gateway", label: "2" }, "front_gateway"],
  [parts, "v1|productpage|-"],
  [{ label: "2", "endpoint.str.0": "a" }, undefined],
])("the labels %j select %s", (labels, service) => {
  expect(selectedService(labels)).toBe(service);
});

test.each([
  ["cart", { service: "cart" }],
  ["cart|v9|", { "service.str.0": "cart", "service.byte.1": "7c", "service.str.2": "v9", "service.byte.3": "7c" }],
  ["a::b", { "service.str.0": "a", "service.byte.1": "3a", "service.byte.2": "3a", "service.str.3": "b" }],
])("%s is selected by %j", (service, labels) => {
  expect(labelsFor(service)).toEqual(labels);
  expect(selectedService(labelsFor(service))).toBe(service);
});
