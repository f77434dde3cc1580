#!/bin/bash
# layers.sh OUT CONFIG OAP PAUSE COREDNS: the file system layers of all images, as folders below OUT, where the jars of the
# releases and the classes of the project are already. Configuration files of the releases come from CONFIG, what starts and
# logs of an OAP's are from OAP, everything else from this machine and this folder.
set -euo pipefail
out=$1 config=$2 oap=$3 pause=$4 coredns=$5
here=$(cd "$(dirname "$0")" && pwd)
PATH=/usr/lib/jvm/java-17-openjdk-amd64/bin:$PATH

install_busybox() { # FOLDER of programs
  cp /bin/busybox "$1/"
  local applet
  for applet in $(busybox --list); do [ -e "$1/$applet" ] || ln -s busybox "$1/$applet"; done
}
users() { # FOLDER of /etc
  echo root:x:0:0:root:/root:/bin/sh >"$1/passwd"
  echo root:x:0: >"$1/group"
  echo 'hosts: files dns' >"$1/nsswitch.conf"
}

echo "pause, CoreDNS, busybox"
mkdir -p "$out"/{pause,coredns,busybox/{bin,etc,proc,sys,dev,root}}
mkdir -m 1777 "$out/busybox/tmp"
cp "$pause" "$out/pause/pause"
cp "$coredns" "$out/coredns/coredns"
install_busybox "$out/busybox/bin"
users "$out/busybox/etc"

echo "Java 17"
java=$out/java
mkdir -p "$java"/{opt,lib64,usr/bin,etc,proc,sys,dev,root,var/log}
mkdir -m 1777 "$java/tmp"
ln -s usr/bin "$java/bin"
ln -s usr/lib "$java/lib"
jlink --add-modules java.se,jdk.unsupported,jdk.crypto.ec,jdk.management,jdk.management.agent,jdk.httpserver,jdk.zipfs,jdk.attach,jdk.naming.dns,jdk.localedata,jdk.charsets,jdk.xml.dom,jdk.net,jdk.jfr,jdk.jcmd \
  --strip-debug --no-header-files --no-man-pages --output "$java/opt/java"
for program in java keytool jcmd; do ln -s /opt/java/bin/$program "$java/usr/bin/$program"; done
cp /bin/bash "$java/usr/bin/"
install_busybox "$java/usr/bin"
users "$java/etc"
cp -rL /etc/java-17-openjdk "$java/etc/" # the JDK's security files are links into it
system_libs=$(dirname "$(ldconfig -p | awk '/libresolv\.so\.2/ {print $NF; exit}')")
mkdir -p "$java/usr/lib/${system_libs##*/}"
{
  ldd /bin/bash /usr/bin/curl "$java/opt/java/bin/java" "$java"/opt/java/lib/*.so "$java"/opt/java/lib/server/*.so 2>/dev/null |
    awk '$2 == "=>" && $3 ~ "^/(usr/)?lib" {print $3}'
  echo "$system_libs/libresolv.so.2"
} | sort -u | xargs cp -L -t "$java/usr/lib/${system_libs##*/}"
cp -L /lib64/ld-linux-x86-64.so.2 "$java/lib64/"
"$java/opt/java/bin/java" -Xshare:dump >/dev/null 2>&1 || echo "no class data sharing archive: starts are slower"

echo "SkyWalking, Elasticsearch, demo service"
for v in 6.5.0 9.6.0 10.1.0; do
  folder=$out/oap-$v/skywalking
  mkdir -p "$folder"/{ext-libs,logs}
  cp -r "$config/oap-$v" "$folder/config"
  cp "$oap/logging/log4j2.xml" "$folder/config/"
  install -m 755 "$here/oap/docker-entrypoint.sh" "$folder/"
done
install -m 755 "$here/oap/docker-entrypoint-6.sh" "$out/oap-6.5.0/skywalking/docker-entrypoint.sh"
install -m 755 "$oap/config-6/application.sh" "$out/oap-6.5.0/skywalking/"
for v in 6.6.0 7.0.0 8.6.0 9.4.0; do
  folder=$out/agent-$v/skywalking/agent
  mkdir -p "$folder"/{config,plugins,activations,logs}
  cp "$config/agent-$v/agent.config" "$folder/config/"
done
for v in 6.8.9 7.10.2; do
  folder=$out/elasticsearch-$v/usr/share/elasticsearch
  mkdir -p "$folder/classes" "$out/elasticsearch-$v/usr/bin"
  cp /usr/bin/curl "$out/elasticsearch-$v/usr/bin/" # the official image has it, and probes ask with it
  mkdir -m 777 "$folder/data"
  javac -proc:none -cp "$folder/lib/*" -d "$folder/classes" "$here/elasticsearch/EsMain.java"
  install -m 755 "$here/elasticsearch/docker-entrypoint.sh" "$folder/"
done
# Pods run as a user of no privilege.
chmod -R a+rX,u+w "$out"
