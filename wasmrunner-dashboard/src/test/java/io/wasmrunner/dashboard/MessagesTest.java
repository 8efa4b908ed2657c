package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.SystemEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessagesTest {
  private static final Messages ENGLISH = Messages.load(Locale.ENGLISH);
  private static final Messages SPANISH = Messages.load(Locale.forLanguageTag("es"));
  private static final Pattern HANDLEBARS = Pattern.compile("\\{\\{[^}]*}}");
  private static final Pattern SPOKEN_ATTRIBUTE =
      Pattern.compile("(?:aria-label|title|alt|placeholder|data-label|data-lost)=\"([^\"]*)\"");

  @Test
  void bothLanguagesHaveTheSameKeys() {
    assertThat(SPANISH.keys()).isEqualTo(ENGLISH.keys());
  }

  @Test
  void everyPatternTakesTheSameArgumentsInBothLanguages() {
    for (String key : ENGLISH.keys()) {
      for (int count = 0; count <= 2; count++) {
        assertThat(ENGLISH.text(key, count, count)).as(key).isNotBlank().doesNotContain("{");
        assertThat(SPANISH.text(key, count, count)).as(key).isNotBlank().doesNotContain("{");
      }
      assertThat(usesArguments(SPANISH, key)).as(key).isEqualTo(usesArguments(ENGLISH, key));
    }
  }

  @Test
  void everyConstantHasWords() {
    Stream.of(
            Stream.of(ServiceState.values()).map(state -> "service." + state),
            Stream.of(RunnerState.values()).map(state -> "runner." + state),
            Stream.of(DeliveryStatus.State.values()).map(state -> "delivery." + state),
            Stream.of(SystemEvent.Severity.values()).map(severity -> "severity." + severity),
            Stream.of(ExitCause.values()).map(cause -> "exit." + cause.key()),
            Stream.of(ExitCause.values()).map(cause -> "advice." + cause.key()))
        .flatMap(keys -> keys)
        .forEach(key -> assertThat(ENGLISH.keys()).contains(key));
  }

  @Test
  void everyLiteralKeyOfTheTemplatesExists() {
    for (String template : templates()) {
      literalKeys(template).forEach(key -> assertThat(ENGLISH.keys()).as(template).contains(key));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dashboard",
        "logs",
        "openapi",
        "deliveries",
        "error",
        "head",
        "foot",
        "problems",
        "services",
        "service",
        "queues",
        "traffic",
        "events",
        "when"
      })
  void templatesHoldNoWords(String template) {
    // The product's name, and paths that are the same in every language.
    String text =
        template(template)
            .replace("wasmrunner", "")
            .replaceAll("(?s)<pre class=\"mono\">.*?</pre>", "")
            .replace("60 min", "")
            .replace("30 min", "");
    String shown = HANDLEBARS.matcher(text).replaceAll("").replaceAll("<[^>]*>", "");
    assertThat(shown).doesNotContainPattern("\\p{L}");
    SPOKEN_ATTRIBUTE
        .matcher(HANDLEBARS.matcher(text).replaceAll(""))
        .results()
        .map(found -> found.group(1))
        .forEach(spoken -> assertThat(spoken).doesNotContainPattern("\\p{L}"));
  }

  @Test
  void theScriptHoldsNoWords() {
    String script = Resources.text("assets/app.js").replaceAll("(?m)//.*$", "");
    Pattern.compile("textContent\\s*=\\s*([^;]+);|(?<!function )announce\\(([^;]+)\\);")
        .matcher(script)
        .results()
        .map(MatchResult::group)
        .forEach(
            assignment ->
                assertThat(assignment.replace("\"\"", "")).doesNotContainPattern("\"\\p{L}"));
  }

  private static boolean usesArguments(Messages messages, String key) {
    return !messages.text(key, 3, 4).equals(messages.text(key, 8, 9));
  }

  private static List<String> templates() {
    List<String> names = new ArrayList<>();
    names.addAll(Templates.PAGES);
    names.addAll(Templates.PARTIALS);
    return names;
  }

  private static List<String> literalKeys(String template) {
    return Pattern.compile("\\{\\{t \"([^\"]+)\"")
        .matcher(template(template))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static String template(String name) {
    return Resources.text("templates/" + name + ".hbs");
  }
}
