package io.ratatoskr.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom. */
class LayeringTest {
  private static final String ROOT = "io.ratatoskr.";
  private static final String WIRE = ROOT + "schemas.wire";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.ratatoskr");

  @Test
  void everyModuleIsLookedAt() {
    assertThat(
            CLASSES.stream()
                .map(type -> type.getPackageName().split("\\.", -1))
                .filter(parts -> parts.length > 2)
                .map(parts -> parts[2])
                .collect(Collectors.toSet()))
        .contains(
            "settings",
            "schemas",
            "client",
            "embeddedkafka",
            "catalog",
            "policy",
            "niceness",
            "router",
            "worker",
            "tokenize",
            "onnx",
            "embed",
            "nli",
            "gateway",
            "formats",
            "bulk",
            "retrieval",
            "allinone",
            "launcher",
            "testkit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway | okhttp3.. okio..",
        "onnx | ai.onnxruntime..",
        "tokenize | com.knuddels.. ai.djl..",
        "embeddedkafka | kafka.. org.apache.kafka.server.. org.apache.kafka.metadata..",
        "router | org.apache.kafka.streams..",
        "settings | org.tomlj..",
        "retrieval | org.apache.lucene..",
        "formats | org.apache.parquet.. de.siegmar.fastcsv..",
        "launcher | picocli.."
      })
  void aLibraryIsKnownToOneModuleOnly(String module, String packages) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages.split(" ", -1))
        .check(CLASSES);
  }

  @Test
  void nothingDependsOnTheLauncher() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "launcher..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "launcher..")
        .check(CLASSES);
  }

  @Test
  void whoLogsIsNotSaidByLibraries() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "launcher..", ROOT + "testkit..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ch.qos.logback..")
        .check(CLASSES);
  }

  @Test
  void modelsKnowNeitherKafkaNorRecords() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "onnx..", ROOT + "tokenize..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "kafka..", "org.apache.avro..", WIRE)
        .check(CLASSES);
  }

  @Test
  void formatsKnowNeitherClientNorBroker() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "formats..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..", "kafka..", ROOT + "client..", ROOT + "schemas..", ROOT + "bulk..")
        .check(CLASSES);
  }

  @Test
  void retrievalKnowsNoJob() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "retrieval..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "bulk..")
        .check(CLASSES);
  }

  @Test
  void modulesHaveNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /** Wire records are generated, and hold enums of the package that is built on them. */
  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching(ROOT + "(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(resideInAPackage(WIRE), alwaysTrue())
        .check(CLASSES);
  }

  /** In a module of several packages, those that the others are built from know none of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "router.flight | router",
        "launcher.command | launcher launcher.ask launcher.serve launcher.operate",
        "launcher.ask | launcher launcher.serve launcher.operate",
        "launcher.serve | launcher launcher.ask launcher.operate",
        "launcher.operate | launcher launcher.ask launcher.serve"
      })
  void aPackageKnowsNoneThatIsBuiltFromIt(String under, String above) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + under)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Stream.of(above.split(" ", -1)).map(ROOT::concat).toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void theRoutersDecisionsKnowNeitherKafkaNorMeters() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "router.flight", ROOT + "policy..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "io.micrometer..")
        .check(CLASSES);
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Utils?|Manager|Helpers?|Impl)(\\$.*)?")
        .check(CLASSES);
  }

  /** Wire records are apart: their names are those of the messages, as in the code beside them. */
  @Test
  void aNameMeansOneTypeInAllModules() {
    Map<String, List<String>> packagesByName =
        CLASSES.stream()
            .filter(type -> type.isTopLevelClass() && !type.getPackageName().equals(WIRE))
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    TreeMap::new,
                    Collectors.mapping(JavaClass::getPackageName, Collectors.toList())));

    assertThat(packagesByName).hasSizeGreaterThan(300);
    packagesByName.values().removeIf(packages -> packages.size() == 1);
    assertThat(packagesByName).as("names of several types").isEmpty();
  }

  @Test
  void theClientShowsNoWireRecords() {
    classes()
        .that()
        .resideInAPackage(ROOT + "client..")
        .and()
        .arePublic()
        .should(new ShowNone(WIRE))
        .check(CLASSES);
  }

  /** Fails a class whose accessible members name a type of a package, in their generics too. */
  private static final class ShowNone extends ArchCondition<JavaClass> {
    private final String hidden;

    ShowNone(String hidden) {
      super("show no types of " + hidden);
      this.hidden = hidden;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        if (accessible(unit.getModifiers())) {
          report(type, unit.getFullName(), types(unit), events);
        }
      }
      for (JavaField field : type.getFields()) {
        if (accessible(field.getModifiers())) {
          report(type, field.getFullName(), field.getType().getAllInvolvedRawTypes(), events);
        }
      }
    }

    private static boolean accessible(Set<JavaModifier> modifiers) {
      return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Set<JavaClass> types(JavaCodeUnit unit) {
      return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
          .flatMap(named -> named.getAllInvolvedRawTypes().stream())
          .collect(Collectors.toSet());
    }

    private void report(
        JavaClass owner, String member, Collection<JavaClass> types, ConditionEvents events) {
      for (JavaClass shown : types) {
        if (shown.getPackageName().startsWith(hidden)) {
          events.add(SimpleConditionEvent.violated(owner, member + " shows " + shown.getName()));
        }
      }
    }
  }
}
