package dev.serin;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The walls of core.
class ArchitectureTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(place -> !place.contains("/test-classes/") && !place.contains("/test/"))
          .importPackages("dev.serin");

  @Test
  void theMachineKnowsOnlyJavaAndTheJudge() {
    classes()
        .that(resideInAPackage("dev.serin.rollout"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("java..", "org.jspecify..", "dev.serin.rollout", "dev.serin.judge"))
        .check(CORE);
  }

  @Test
  void theJudgeKnowsOnlyJava() {
    classes()
        .that(resideInAPackage("dev.serin.judge"))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.serin.judge"))
        .check(CORE);
  }

  @Test
  void coreHasNoClientNoNetworkAndNoLog() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.fabric8..",
                "io.javaoperatorsdk..",
                "okhttp3..",
                "java.net.http..",
                "com.sun.net.httpserver..",
                "org.slf4j..",
                "java.util.logging.."))
        .check(CORE);
  }

  @Test
  void coreHasNoClock() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .check(CORE);
  }

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    slices().matching("dev.serin.(*)..").should().beFreeOfCycles().check(CORE);
  }
}
