import { initGraphQLTada } from "gql.tada";

import type { introspection } from "./oap-schema";

/** Queries are typed by oap.graphqls: one that an OAP does not know does not compile. */
export const graphql = initGraphQLTada<{ introspection: introspection; scalars: { Long: number } }>();

/*
 * getAllServices, getServiceInstances and getGlobalTopology are understood by every release from 6.0 to 11.0, the
 * others by those that skywalking/oap/query.ts names.
 */

export const versionQuery = graphql(`
  query Version {
    version
  }
`);

export const timeQuery = graphql(`
  query Time {
    getTimeInfo {
      timezone
      currentTimestamp
    }
  }
`);

export const healthQuery = graphql(`
  query Health {
    checkHealth {
      score
      details
    }
  }
`);

export const servicesQuery = graphql(`
  query Services($duration: Duration!) {
    getAllServices(duration: $duration) {
      id
      name
    }
  }
`);

export const instancesQuery = graphql(`
  query Instances($duration: Duration!, $serviceId: ID!) {
    getServiceInstances(duration: $duration, serviceId: $serviceId) {
      id
      name
    }
  }
`);

export const topologyQuery = graphql(`
  query Topology($duration: Duration!) {
    getGlobalTopology(duration: $duration) {
      nodes {
        id
        name
        isReal
      }
      calls {
        source
        target
      }
    }
  }
`);
