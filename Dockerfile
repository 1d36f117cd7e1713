# One image for every role: docker run ratatoskr serve router --bootstrap broker:9092
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
# What Maven downloads outlives the build: after a change only the sources are compiled again.
RUN --mount=type=cache,target=/root/.m2 ./mvnw -q -Dquick -DskipTests -pl launcher -am package

FROM eclipse-temurin:25-jre
RUN useradd --system --create-home --home-dir /var/lib/ratatoskr ratatoskr
WORKDIR /opt/ratatoskr
COPY --from=build /src/ratatoskr /src/LICENSE /src/NOTICE ./
COPY --from=build /src/launcher/target/app launcher/target/app
# The start cache of docs/decisions/0005-start-cache.md. Only the JVM that made it can use it, so it
# is made here; with both compilers, since services use both.
RUN RATATOSKR_CACHE_DIR=/tmp/models \
    RATATOSKR_JAVA_OPTS="-XX:TieredStopAtLevel=4 -XX:AOTCacheOutput=launcher/target/app/start.aot" \
    ./ratatoskr embed "A first text." >/tmp/start.log 2>&1 || { cat /tmp/start.log; exit 1; } \
 && rm -rf /tmp/* /root/.djl.ai
USER ratatoskr
ENV RATATOSKR_CACHE_DIR=/var/lib/ratatoskr/models LC_ALL=C.UTF-8
ENTRYPOINT ["/opt/ratatoskr/ratatoskr"]
CMD ["--help"]
