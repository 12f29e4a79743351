package io.afterimage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the arrows between packages as ARCHITECTURE.md draws them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
  private static final String ROOT = "io.afterimage.";

  /** Package to the packages of ours that it may import, besides itself and {@code base}. */
  private static final Map<String, List<String>> ALLOWED = new LinkedHashMap<>();

  static {
    ALLOWED.put("base", List.of());
    ALLOWED.put("data", List.of());
    ALLOWED.put("tensor", List.of());
    ALLOWED.put("evidence", List.of("data"));
    ALLOWED.put("graph", List.of("tensor"));
    ALLOWED.put("target", List.of("data", "graph", "tensor"));
    ALLOWED.put("train", List.of("target", "graph", "data", "tensor"));
    ALLOWED.put(
        "attack",
        List.of("attack.common", "evidence", "target", "train", "graph", "data", "tensor"));
    ALLOWED.put("defence", List.of("target", "train", "graph", "data", "tensor"));
    ALLOWED.put("judge", List.of("train", "target", "evidence", "graph", "data", "tensor"));
    ALLOWED.put("assess", List.of("evidence", "data"));
    ALLOWED.put("policy", List.of("assess"));
    ALLOWED.put("report", List.of("policy", "assess", "evidence", "data"));
  }

  private final JavaClasses ours =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.afterimage");

  Set<String> packages() {
    return new TreeSet<>(ALLOWED.keySet());
  }

  @Test
  void looksAtTheWholeLibrary() {
    assertThat(ours.size()).isGreaterThan(40);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsOnlyWhatTheArchitectureAllows(String name) {
    List<String> allowed = new ArrayList<>(List.of(ROOT + "base..", ROOT + name + ".."));
    ALLOWED.get(name).forEach(other -> allowed.add(ROOT + other + ".."));
    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat(
            com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage(
                    "io.afterimage..")
                .or(
                    com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                        allowed.toArray(String[]::new))))
        .check(ours);
  }

  @ParameterizedTest
  @MethodSource("families")
  void attackFamiliesDoNotImportEachOther(String family) {
    List<String> others = families().stream().filter(f -> !f.equals(family)).toList();
    noClasses()
        .that()
        .resideInAPackage(ROOT + "attack." + family + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            others.stream().map(f -> ROOT + "attack." + f + "..").toArray(String[]::new))
        .allowEmptyShould(true)
        .check(ours);
  }

  List<String> families() {
    return List.of("inversion", "attribute", "membership");
  }

  @Test
  void onlyTheTensorPackageTouchesLibtorch() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "tensor..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(ours);
  }
}
