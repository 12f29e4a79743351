package io.afterimage.report;

import io.afterimage.assess.Finding;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Family;
import io.afterimage.base.OutputFile;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.report.page.HtmlPage;
import io.afterimage.report.page.HtmlPage.Revealed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of a run: {@code report.html}, {@code report.json}, {@code junit.xml}, {@code
 * report.sarif} and {@code evidence/}. Whatever cannot be written or read is a BadInputException of
 * one line that names the path.
 */
public final class RunFolder {
  private final Path folder;
  private final EvidenceStore evidence;

  private RunFolder(Path folder, EvidenceStore evidence) {
    this.folder = folder;
    this.evidence = evidence;
  }

  /**
   * Makes the folder of a new run and tries whether it can be written to, before hours are spent.
   * Refuses one that holds a run already.
   */
  public static RunFolder create(Path folder) {
    for (String taken : new String[] {"report.json", "evidence/steps.json"}) {
      if (Files.exists(folder.resolve(taken))) {
        throw new BadInputException(
            "%s holds a run already; give another folder with --out, or continue it with --resume"
                .formatted(folder));
      }
    }
    return new RunFolder(folder, EvidenceStore.create(folder.resolve("evidence")));
  }

  /** Opens the folder of a run that stopped, to continue it. */
  public static RunFolder resume(Path folder) {
    if (!Files.isDirectory(folder.resolve("evidence"))) {
      throw noRun(folder, "it has no folder evidence");
    }
    return new RunFolder(folder, EvidenceStore.create(folder.resolve("evidence")));
  }

  /** Opens the folder of a finished run, to render it again. */
  public static RunFolder load(Path folder) {
    if (!Files.isRegularFile(folder.resolve("report.json"))) {
      throw noRun(folder, "it has no report.json");
    }
    return new RunFolder(folder, EvidenceStore.open(folder.resolve("evidence")));
  }

  private static BadInputException noRun(Path folder, String fault) {
    return new BadInputException(
        "%s is not the folder of a run: %s; give the folder that --out named"
            .formatted(folder, fault));
  }

  public Path path() {
    return folder;
  }

  public Path page() {
    return folder.resolve("report.html");
  }

  public EvidenceStore evidence() {
    return evidence;
  }

  /** The report of a finished run. */
  public Report report() {
    Path json = folder.resolve("report.json");
    try {
      if (Files.size(json) > ReportJson.MOST_BYTES) {
        throw new BadInputException(
            "%s is %,d bytes long, a report at most %,d; give the folder of a finished run"
                .formatted(json, Files.size(json), ReportJson.MOST_BYTES));
      }
      return ReportJson.read(
          new String(Files.readAllBytes(json), StandardCharsets.UTF_8), json.toString());
    } catch (IOException e) {
      throw new BadInputException(
          "cannot read %s: %s; give the folder of a finished run"
              .formatted(json, OutputFile.reason(e)),
          e);
    }
  }

  /**
   * Writes the report in all its forms.
   *
   * @param reveal whether report.html may hold pictures of persons, which it takes from the
   *     evidence
   */
  public void write(Report report, boolean reveal) {
    OutputFile.write(folder.resolve("report.json"), ReportJson.write(report));
    OutputFile.write(folder.resolve("junit.xml"), JunitXml.write(report));
    OutputFile.write(folder.resolve("report.sarif"), Sarif.write(report));
    render(report, reveal);
  }

  /** Writes report.html alone. */
  public void render(Report report, boolean reveal) {
    OutputFile.write(page(), HtmlPage.render(report, reveal ? revealed(report) : Map.of()));
  }

  private Map<String, Revealed> revealed(Report report) {
    Map<String, Revealed> revealed = new LinkedHashMap<>();
    for (Finding finding : report.findings()) {
      if (finding.family() == Family.INVERSION) {
        revealed(finding.attack()).ifPresent(r -> revealed.put(finding.attack(), r));
      }
    }
    return revealed;
  }

  private Optional<Revealed> revealed(String attack) {
    return evidence
        .load(attack)
        .filter(Reconstructions.class::isInstance)
        .map(Reconstructions.class::cast)
        .flatMap(rebuilt -> evidence.pictures(attack).map(p -> new Revealed(rebuilt, p)));
  }
}
