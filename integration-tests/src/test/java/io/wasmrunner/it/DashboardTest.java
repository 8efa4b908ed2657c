package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard in a real browser. */
@Tag("browser")
final class DashboardTest {
  @TempDir static Path folder;
  private static Wasmrunner wasmrunner;
  private static Playwright playwright;
  private static Browser browser;

  @BeforeAll
  static void start() {
    ServicesFolder services =
        ServicesFolder.in(folder)
            .withOurs("hello", "orders_adapter", "billing_adapter")
            .withConfigText("wrong", "{\"prefix\": 1}");
    wasmrunner =
        Wasmrunner.start(folder, "--port", "0", "--services", services.folder().toString());
    wasmrunner.awaitCompiled();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of(System.getProperty("it.browser")))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  @AfterAll
  static void stop() {
    if (playwright != null) {
      playwright.close();
    }
    wasmrunner.close();
  }

  @ParameterizedTest
  @CsvSource({"en-GB, LIGHT", "es-ES, DARK"})
  void isAccessible(String locale, ColorScheme scheme) {
    try (BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions().setLocale(locale).setColorScheme(scheme))) {
      Page page = context.newPage();
      page.navigate(wasmrunner.url("/").toString());

      assertThat(page.locator("html").getAttribute("lang")).isEqualTo(locale.substring(0, 2));
      assertThat(new AxeBuilder(page).analyze().getViolations())
          .as(locale + " " + scheme)
          .isEmpty();
    }
  }

  @Test
  void pausingASchedulePausesIt() {
    try (BrowserContext context =
        browser.newContext(new Browser.NewContextOptions().setLocale("es-ES"))) {
      Page page = context.newPage();
      page.navigate(wasmrunner.url("/").toString());
      page.getByRole(
              com.microsoft.playwright.options.AriaRole.BUTTON,
              new Page.GetByRoleOptions().setName(Pattern.compile("Pausar.*hello")))
          .click();

      PlaywrightAssertions.assertThat(
              page.getByRole(
                  com.microsoft.playwright.options.AriaRole.BUTTON,
                  new Page.GetByRoleOptions().setName(Pattern.compile("Reanudar.*hello"))))
          .isVisible();
      assertThat(Http.json(wasmrunner.url("/__runner__/api/v1/schedules")).toString())
          .contains("\"paused\":true");
    }
  }
}
