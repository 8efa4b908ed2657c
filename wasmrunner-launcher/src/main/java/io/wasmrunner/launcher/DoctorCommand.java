package io.wasmrunner.launcher;

import com.sun.management.OperatingSystemMXBean;
import io.wasmrunner.launcher.Finding.Status;
import io.wasmrunner.runtime.JitFlag;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Looks for everything that could go wrong here, and says how to fix it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at Java, machine, configuration, data folder and services, and says for everything that",
      "is not as it should be how to fix it. Starts nothing and changes nothing."
    },
    footer = {"", "Exit status: 0 all is well; 1 warnings; 2 errors."})
final class DoctorCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--lang",
      paramLabel = "es|en",
      description = "Language of the report. Default: that of the system.")
  private @Nullable String language;

  @Override
  public Integer call() {
    LogLevel.set("error"); // what the parts would log is in the report
    LogLevel.useStandardError();
    DoctorWords words = new DoctorWords(language());
    List<Finding> findings =
        Checkup.of(
            new Patient(
                options::load,
                jvm(),
                Path.of("/proc"),
                name -> Optional.ofNullable(System.getenv(name)),
                Clock.systemUTC()));
    PrintWriter out = WasmrunnerCommand.out(spec);
    out.print(json ? json(findings, words) : text(findings, words));
    out.flush();
    return exitStatus(findings);
  }

  static int exitStatus(List<Finding> findings) {
    return switch (Checkup.worst(findings)) {
      case OK, SKIPPED -> 0;
      case WARNING -> 1;
      case ERROR -> 2;
    };
  }

  private String language() {
    String wanted = language;
    if (wanted == null) {
      String system = Locale.getDefault().getLanguage();
      return DoctorWords.LANGUAGES.contains(system) ? system : "en";
    }
    if (!DoctorWords.LANGUAGES.contains(wanted) && spec != null) {
      throw new ParameterException(
          spec.commandLine(), "--lang: expected es or en, got \"" + wanted + "\"");
    }
    return wanted;
  }

  private static Patient.Jvm jvm() {
    int version = Runtime.version().feature();
    @Nullable OperatingSystemMXBean system =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Patient.Jvm(
        version,
        JitFlag.hugeMethodsCompiled(),
        version >= Execv.SINCE_JAVA && System.getProperty("os.name", "").equals("Linux"),
        Runtime.getRuntime().maxMemory(),
        system == null ? 0 : system.getTotalMemorySize(),
        Charset.defaultCharset().name(),
        System.getProperty("sun.jnu.encoding", "UTF-8"),
        Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  static String json(List<Finding> findings, DoctorWords words) {
    ObjectNode report = JsonMapper.builder().build().createObjectNode();
    report.put("status", Checkup.worst(findings).key());
    for (Finding finding : findings) {
      report
          .withArray("checks")
          .addObject()
          .put("id", finding.id())
          .put("status", finding.status().key())
          .put("finding", words.found(finding))
          .put("fix", words.fix(finding));
    }
    return report.toPrettyString() + System.lineSeparator();
  }

  static String text(List<Finding> findings, DoctorWords words) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-8s %-28s %s%n",
              words.word("status." + finding.status().key()),
              finding.id(),
              words.found(finding)));
      String fix = words.fix(finding);
      if (!fix.isEmpty()) {
        text.append("         ").append(words.word("report.fix", fix)).append('\n');
      }
    }
    long warnings = findings.stream().filter(each -> each.status() == Status.WARNING).count();
    long errors = findings.stream().filter(each -> each.status() == Status.ERROR).count();
    return text.append(words.word("report.sum", findings.size(), errors, warnings))
        .append('\n')
        .toString();
  }
}
