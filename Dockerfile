# The controller's image, and the command line's:
#
#   docker build -t registry.example.com/serin:0.1.0 .
#
# It runs as nobody in particular, writes nothing but /tmp, and takes the arguments of `canary`.
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl cli -am

FROM eclipse-temurin:25-jre
COPY --from=build /src/cli/target/dist/lib /opt/serin/lib
COPY --from=build /src/canary /opt/serin/canary
# Makes the archives of loaded classes beside lib, with the very JVM that will use them: of all commands, and of the controller.
RUN SERIN_AOT=now /opt/serin/canary --version && SERIN_AOT=now /opt/serin/canary controller --version && test -s /opt/serin/canary-*-controller.aot
# The launcher chooses the other flags. Half of the memory limit would stay unused otherwise.
ENV SERIN_JAVA_OPTS="-XX:MaxRAMPercentage=60 -XX:-UsePerfData"
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/opt/serin/canary"]
