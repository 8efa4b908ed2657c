package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** The jar and the services in a container, with nothing but a Java beside them. */
@Tag("docker")
final class ContainerTest {
  @TempDir Path folder;

  @Test
  void servesFromInsideAContainer() {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello", "accounts_business");
    String base = System.getProperty("it.baseImage", "");
    ImageFromDockerfile image =
        new ImageFromDockerfile("local/wasmrunner-it", false)
            .withFileFromPath("wasmrunner.jar", Wasmrunner.jar())
            .withFileFromPath("services", services.folder())
            .withDockerfileFromBuilder(
                dockerfile ->
                    dockerfile
                        .from(base.isEmpty() ? "eclipse-temurin:25-jre" : base)
                        .workDir("/app")
                        .copy("wasmrunner.jar", "/app/wasmrunner.jar")
                        .copy("services", "/app/services")
                        .entryPoint(
                            "java",
                            "-jar",
                            "wasmrunner.jar",
                            "--host",
                            "0.0.0.0",
                            "--insecure-bind")
                        .build());
    try (GenericContainer<?> container =
        new GenericContainer<>(image)
            .withExposedPorts(14000)
            .waitingFor(
                Wait.forHttp("/ready")
                    .forPort(14000)
                    .forStatusCode(200)
                    .withStartupTimeout(Duration.ofMinutes(2)))) {
      container.start();
      String base14000 = "http://" + container.getHost() + ":" + container.getMappedPort(14000);

      assertThat(Http.get(URI.create(base14000 + "/hello/hello")).body()).contains("greeting");
      assertThat(Http.get(URI.create(base14000 + "/")).body()).contains("accounts_business");
      assertThat(container.getLogs()).contains("insecure_bind");
    }
  }
}
