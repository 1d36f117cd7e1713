package io.ratatoskr.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratatoskr.settings.Values;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistryTest {

  @Test
  void of_blank_isNone_andIdsAreDerived() {
    assertThat(SchemaRegistry.of(" ")).isEqualTo(SchemaRegistry.NONE).hasToString("");
    assertThat(SchemaIds.of(SchemaRegistry.NONE)).isSameAs(SchemaIds.derived());
    assertThat(SchemaRegistry.SETTING.of(Values.none())).isEqualTo(SchemaRegistry.NONE);
  }

  @Test
  void of_url_splitsCredentialsOff() {
    SchemaRegistry registry = SchemaRegistry.of("https://us%40er:p%3Aw@h:8081/apis/ccompat/v7/");

    assertThat(registry.url()).isEqualTo("https://h:8081/apis/ccompat/v7/");
    assertThat(registry.credentials()).isEqualTo("us@er:p:w");
    assertThat(registry).hasToString(registry.url());
    assertThat(SchemaRegistry.of("http://h:8081"))
        .isEqualTo(new SchemaRegistry("http://h:8081", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user:secret@h:8081",
        "ftp://user:secret@h",
        "http://user:se cret@h",
        "http://user:secret@h@h",
        "http://user:secret@h/?q=1",
        "http:///secret",
      })
  void of_noSuchUrl_namesTheKeyAndKeepsTheText(String text) {
    assertThatThrownBy(() ->
            SchemaRegistry.SETTING.of(
                Values.of(SchemaRegistry.SECTION.settings(), Map.of("schema-registry.url", text))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("schema-registry.url: must be an http or https URL, or empty")
        .satisfies(refusal -> {
          StringWriter trace = new StringWriter();
          refusal.printStackTrace(new PrintWriter(trace));
          assertThat(trace.toString()).doesNotContain("secret");
        });
  }

  @Test
  void record_withCredentialsInItsUrl_isRefused() {
    assertThatThrownBy(() -> new SchemaRegistry("http://user:secret@h", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
