# One image for every role: docker run ratatoskr serve router --bootstrap broker:9092
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -q -Dquick -DskipTests -pl launcher -am package

FROM eclipse-temurin:25-jre
WORKDIR /opt/ratatoskr
COPY --from=build /src/launcher/target/app launcher/target/app
COPY --from=build /src/ratatoskr /src/LICENSE /src/NOTICE ./
RUN useradd --system --create-home --home-dir /var/lib/ratatoskr ratatoskr \
 && chown -R ratatoskr launcher/target/app
USER ratatoskr
ENV RATATOSKR_CACHE_DIR=/var/lib/ratatoskr/models
VOLUME /var/lib/ratatoskr
ENTRYPOINT ["/opt/ratatoskr/ratatoskr"]
CMD ["--help"]
