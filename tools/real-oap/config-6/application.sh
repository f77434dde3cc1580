#!/bin/bash
# Writes the application.yml of an OAP 6.5.0 to stdout, as the official image does when it starts: SW_STORAGE, SW_CLUSTER and
# SW_TELEMETRY select providers, and the receiver of the OAP's own telemetry is always there. One thing is different: the image
# has Hour, Day and Month under downsampling, so 385 indices, which keep a core busy.
set -euo pipefail

unknown() { # VARIABLE VALUE ALLOWED
  echo "Error: $1=$2 please specify $1 = $3" >&2
  exit 1
}

case ${SW_CLUSTER:-standalone} in
standalone) cluster='standalone:' ;;
kubernetes) cluster='kubernetes:
    watchTimeoutSeconds: ${SW_CLUSTER_K8S_WATCH_TIMEOUT:60}
    namespace: ${SW_CLUSTER_K8S_NAMESPACE:default}
    labelSelector: ${SW_CLUSTER_K8S_LABEL:app=collector,release=skywalking}
    uidEnvName: ${SW_CLUSTER_K8S_UID:SKYWALKING_COLLECTOR_UID}' ;;
*) unknown SW_CLUSTER "$SW_CLUSTER" 'standalone kubernetes' ;;
esac

case ${SW_STORAGE:-h2} in
h2) storage='h2:
    driver: ${SW_STORAGE_H2_DRIVER:org.h2.jdbcx.JdbcDataSource}
    url: ${SW_STORAGE_H2_URL:jdbc:h2:mem:skywalking-oap-db}
    user: ${SW_STORAGE_H2_USER:sa}
    metadataQueryMaxSize: ${SW_STORAGE_H2_QUERY_MAX_SIZE:5000}' ;;
elasticsearch) storage='elasticsearch:
    nameSpace: ${SW_NAMESPACE:""}
    clusterNodes: ${SW_STORAGE_ES_CLUSTER_NODES:localhost:9200}
    protocol: ${SW_STORAGE_ES_HTTP_PROTOCOL:"http"}
    user: ${SW_ES_USER:""}
    password: ${SW_ES_PASSWORD:""}
    indexShardsNumber: ${SW_STORAGE_ES_INDEX_SHARDS_NUMBER:2}
    indexReplicasNumber: ${SW_STORAGE_ES_INDEX_REPLICAS_NUMBER:0}
    recordDataTTL: ${SW_STORAGE_ES_RECORD_DATA_TTL:7}
    otherMetricsDataTTL: ${SW_STORAGE_ES_OTHER_METRIC_DATA_TTL:45}
    monthMetricsDataTTL: ${SW_STORAGE_ES_MONTH_METRIC_DATA_TTL:18}
    bulkActions: ${SW_STORAGE_ES_BULK_ACTIONS:2000}
    bulkSize: ${SW_STORAGE_ES_BULK_SIZE:20}
    flushInterval: ${SW_STORAGE_ES_FLUSH_INTERVAL:10}
    concurrentRequests: ${SW_STORAGE_ES_CONCURRENT_REQUESTS:2}
    resultWindowMaxSize: ${SW_STORAGE_ES_QUERY_MAX_WINDOW_SIZE:10000}
    metadataQueryMaxSize: ${SW_STORAGE_ES_QUERY_MAX_SIZE:5000}
    segmentQueryMaxSize: ${SW_STORAGE_ES_QUERY_SEGMENT_SIZE:200}' ;;
*) unknown SW_STORAGE "$SW_STORAGE" 'h2 elasticsearch' ;;
esac

case ${SW_TELEMETRY:-none} in
none) telemetry='none:' ;;
prometheus) telemetry='prometheus:
    host: ${SW_TELEMETRY_PROMETHEUS_HOST:0.0.0.0}
    port: ${SW_TELEMETRY_PROMETHEUS_PORT:1234}' ;;
*) unknown SW_TELEMETRY "$SW_TELEMETRY" 'none prometheus' ;;
esac

cat <<END
cluster:
  $cluster
storage:
  $storage
telemetry:
  $telemetry
END
cat <<'END'
core:
  default:
    role: ${SW_CORE_ROLE:Mixed}
    restHost: ${SW_CORE_REST_HOST:0.0.0.0}
    restPort: ${SW_CORE_REST_PORT:12800}
    restContextPath: ${SW_CORE_REST_CONTEXT_PATH:/}
    gRPCHost: ${SW_CORE_GRPC_HOST:0.0.0.0}
    gRPCPort: ${SW_CORE_GRPC_PORT:11800}
    downsampling: []
    enableDataKeeperExecutor: ${SW_CORE_ENABLE_DATA_KEEPER_EXECUTOR:true}
    dataKeeperExecutePeriod: ${SW_CORE_DATA_KEEPER_EXECUTE_PERIOD:5}
    recordDataTTL: ${SW_CORE_RECORD_DATA_TTL:90}
    minuteMetricsDataTTL: ${SW_CORE_MINUTE_METRIC_DATA_TTL:90}
    hourMetricsDataTTL: ${SW_CORE_HOUR_METRIC_DATA_TTL:36}
    dayMetricsDataTTL: ${SW_CORE_DAY_METRIC_DATA_TTL:45}
    monthMetricsDataTTL: ${SW_CORE_MONTH_METRIC_DATA_TTL:18}
    enableDatabaseSession: ${SW_CORE_ENABLE_DATABASE_SESSION:true}
receiver-sharing-server: { default: }
receiver-register: { default: }
receiver-trace:
  default:
    bufferPath: ${SW_RECEIVER_BUFFER_PATH:../trace-buffer/}
    bufferOffsetMaxFileSize: ${SW_RECEIVER_BUFFER_OFFSET_MAX_FILE_SIZE:100}
    bufferDataMaxFileSize: ${SW_RECEIVER_BUFFER_DATA_MAX_FILE_SIZE:500}
    bufferFileCleanWhenRestart: ${SW_RECEIVER_BUFFER_FILE_CLEAN_WHEN_RESTART:false}
    sampleRate: ${SW_TRACE_SAMPLE_RATE:10000}
    slowDBAccessThreshold: ${SW_SLOW_DB_THRESHOLD:default:200,mongodb:100}
receiver-jvm: { default: }
receiver-clr: { default: }
receiver-so11y: { default: }
service-mesh:
  default:
    bufferPath: ${SW_SERVICE_MESH_BUFFER_PATH:../mesh-buffer/}
    bufferOffsetMaxFileSize: ${SW_SERVICE_MESH_OFFSET_MAX_FILE_SIZE:100}
    bufferDataMaxFileSize: ${SW_SERVICE_MESH_BUFFER_DATA_MAX_FILE_SIZE:500}
    bufferFileCleanWhenRestart: ${SW_SERVICE_MESH_BUFFER_FILE_CLEAN_WHEN_RESTART:false}
istio-telemetry: { default: }
envoy-metric: { default: }
query:
  graphql:
    path: ${SW_QUERY_GRAPHQL_PATH:/graphql}
alarm: { default: }
configuration: { none: }
END
