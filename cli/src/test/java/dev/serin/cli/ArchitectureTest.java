package dev.serin.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.serin.mesh.Mesh;
import dev.serin.metrics.MetricsProvider;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The walls between the modules, and inside of those that touch the world. Those of core stand
/// there.
class ArchitectureTest {

  /// Everything of all modules but their tests.
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(place -> !place.contains("/test-classes/") && !place.contains("/test/"))
          .importPackages("dev.serin");

  private static final String CONTROLLER = "dev.serin.controller..";
  private static final String SANDBOX = "dev.serin.sandbox..";
  private static final String CLI = "dev.serin.cli..";
  private static final String PROVIDERS = "dev.serin.metrics.providers..";
  private static final String WEBHOOKS = "dev.serin.webhooks..";

  /// Packages that belong to a module other than core.
  private static final String[] SHELLS = {CONTROLLER, SANDBOX, CLI, PROVIDERS, WEBHOOKS};

  @Test
  void everyArrowPointsToCore() {
    noClasses()
        .that(resideInAPackage("dev.serin.."))
        .and()
        .resideOutsideOfPackages(SHELLS)
        .should()
        .dependOnClassesThat(resideInAnyPackage(SHELLS))
        .check(ALL);
    noClasses()
        .that(resideInAPackage(PROVIDERS))
        .should()
        .dependOnClassesThat(resideInAnyPackage(CONTROLLER, SANDBOX, CLI, WEBHOOKS))
        .check(ALL);
    noClasses()
        .that(resideInAPackage(WEBHOOKS))
        .should()
        .dependOnClassesThat(resideInAnyPackage(CONTROLLER, SANDBOX, CLI, PROVIDERS))
        .check(ALL);
    noClasses()
        .that(resideInAPackage(CONTROLLER))
        .should()
        .dependOnClassesThat(resideInAnyPackage(SANDBOX, CLI))
        .check(ALL);
    noClasses()
        .that(resideInAPackage(SANDBOX))
        .should()
        .dependOnClassesThat(resideInAPackage(CLI))
        .check(ALL);
  }

  @Test
  void oneClassOfAModuleHoldsAClient() {
    var holders =
        ALL.stream()
            .flatMap(holder -> holder.getFields().stream())
            .filter(field -> field.getRawType().isAssignableTo(KubernetesClient.class))
            .map(JavaField::getOwner)
            .collect(
                Collectors.groupingBy(
                    holder -> holder.getPackageName().split("\\.", -1)[2],
                    Collectors.mapping(JavaClass::getSimpleName, Collectors.toSet())));
    assertThat(holders)
        .isEqualTo(
            Map.of(
                "controller", Set.of("KubernetesCluster"),
                "sandbox", Set.of("FakeKubelet"),
                "cli", Set.of("ClusterAccess")));
  }

  @Test
  void onlyWhatTalksToTheClusterKnowsItsLibraries() {
    noClasses()
        .that(resideInAPackage(CONTROLLER))
        .and()
        .resideOutsideOfPackage("dev.serin.controller.cluster..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "okhttp3.."))
        .check(ALL);
  }

  @Test
  void whoReconcilesHasNoNetworkAndNoClock() {
    noClasses()
        .that(
            resideInAnyPackage(
                "dev.serin.controller.reconcile..",
                "dev.serin.controller.workload..",
                "dev.serin.controller.mesh.."))
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.net.http..", "com.sun.net.httpserver.."))
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .check(ALL);
  }

  @Test
  void adaptersAreKnownOnlyToTheirList() {
    known(Mesh.class, "dev.serin.controller.mesh", "Meshes");
    known(MetricsProvider.class, "dev.serin.metrics.providers", "MetricsProviders");
  }

  private static void known(Class<?> port, String home, String list) {
    var adapter =
        DescribedPredicate.<JavaClass>describe(
            "adapters of " + port.getSimpleName(),
            found ->
                found.getPackageName().equals(home)
                    && found.isAssignableTo(port)
                    && found.isTopLevelClass()
                    && !found.getModifiers().contains(JavaModifier.ABSTRACT));
    for (var one : ALL.that(adapter)) {
      classes()
          .that()
          .haveFullyQualifiedName(one.getName())
          .should()
          .onlyHaveDependentClassesThat(
              DescribedPredicate.describe(
                  "are " + list + " or parts of it",
                  dependent ->
                      dependent.getSimpleName().equals(list)
                          || dependent.getName().equals(one.getName())
                          || dependent.getName().startsWith(one.getName() + "$")))
          .check(ALL);
    }
  }

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    slices().matching("dev.serin.controller.(*)..").should().beFreeOfCycles().check(ALL);
    slices().matching("dev.serin.sandbox.(*)..").should().beFreeOfCycles().check(ALL);
  }
}
