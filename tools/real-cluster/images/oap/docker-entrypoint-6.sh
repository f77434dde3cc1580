#!/bin/bash
# JAVA_OPTS carries -Dmode=init (create the storage schema, then exit) or -Dmode=no-init (wait for that schema).
set -e
cd /skywalking
if [ "${SW_L0AD_CONFIG_FILE_FROM_VOLUME:-}" != true ]; then ./application.sh >config/application.yml; fi
# shellcheck disable=SC2086  # JAVA_OPTS is a list of options
exec java -XX:TieredStopAtLevel=1 --add-opens=java.base/java.lang=ALL-UNNAMED $JAVA_OPTS -cp 'config:oap-libs/*:starter' Starter "$@"
