package io.ratatoskr.launcher.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ratatoskr.allinone.Configuration;
import io.ratatoskr.allinone.EmbeddedRatatoskr;
import io.ratatoskr.allinone.PipelineConfig;
import io.ratatoskr.allinone.WorkerKind;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.Handle;
import io.ratatoskr.launcher.CommandRun;
import io.ratatoskr.launcher.command.ExitCode;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Deployment;
import io.ratatoskr.schemas.Domain;
import io.ratatoskr.schemas.Fingerprint;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.schemas.RequestId;
import io.ratatoskr.settings.Layers;
import io.ratatoskr.settings.Values;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockWebServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands {@code chat} and {@code generate} against a pipeline with two providers. */
@Timeout(240)
class ChatCommandIT {
  private static final MockWebServer SERVER = new MockWebServer();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final TestProviders PROVIDERS = new TestProviders();

  @TempDir private static Path folder;
  private static EmbeddedRatatoskr pipeline;
  private static Path config = Path.of("");

  @BeforeAll
  static void start() throws Exception {
    SERVER.setDispatcher(PROVIDERS);
    SERVER.start(InetAddress.getLoopbackAddress(), 0);
    config =
        Files.writeString(
            folder.resolve("ratatoskr.toml"),
            """
            [providers.here]
            base-url = "%1$s"
            models = ["tiny"]
            prompt-price.tiny = 1
            answer-price.tiny = 10
            [providers.away]
            base-url = "%1$s"
            location = "remote"
            models = ["far"]
            embedding-models = ["vendor/vec"]
            [providers.flaky]
            base-url = "%2$s"
            models = ["twin"]
            [retry]
            backoff = "100ms"
            [circuit]
            recovery-delay = "1s"
            [routing.fallbacks]
            "twin" = ["tiny@here"]
            [routing.aliases]
            small = "tiny"
            [[presets]]
            name = "house/terse"
            capabilities = ["chat"]
            models = ["small"]
            temperature = 0.3
            max-tokens = 7
            """
                .formatted(SERVER.url("/v1"), SERVER.url("/flaky/v1")));
    Values values =
        Layers.of(Configuration.known(), Layers.Surroundings.none()).withFile(config).read();
    pipeline =
        EmbeddedRatatoskr.start(
            new PipelineConfig(
                folder.resolve("data"),
                0,
                Deployment.allInOne(),
                EnumSet.of(WorkerKind.GATEWAY),
                Configuration.of(values.over(Configuration.allInOne())).withProvidersAlone()));
  }

  @AfterAll
  static void stop() {
    pipeline.close();
    SERVER.close();
  }

  /** A command against the pipeline of this class. */
  private static CommandRun ask(String... args) {
    List<String> line = new ArrayList<>(List.of(args));
    line.addAll(List.of("--bootstrap", pipeline.bootstrap(), "--config", config.toString()));
    return CommandRun.of(line.toArray(String[]::new));
  }

  @Test
  void chat_writesTheTextAlone_andWhoAnsweredBeside() {
    CommandRun ran = ask("chat", "Hello", "--model", "tiny", "--system", "Be brief.");

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(ran.out()).isEqualTo("Good day\n");
    assertThat(ran.err())
        .startsWith("tiny · here (local) · 3 tokens in · 2 tokens out · 0.000023 · ");
  }

  @Test
  void aliasAndPreset_standForTheirModel_andTheRequestsOwnOptionsWin() {
    CommandRun alias = ask("chat", "By alias", "--model", "small");
    assertThat(alias.err()).startsWith("tiny · here (local)");
    assertThat(PROVIDERS.asked("By alias").path("model").asString()).isEqualTo("tiny");
    assertThat(PROVIDERS.asked("By alias").has("temperature")).isFalse();

    CommandRun preset = ask("chat", "By preset", "--model", "ratatoskr:house/terse");
    assertThat(preset.err()).startsWith("tiny · here (local)");
    assertThat(PROVIDERS.asked("By preset").path("model").asString()).isEqualTo("tiny");
    assertThat(PROVIDERS.asked("By preset").path("temperature").asDouble()).isEqualTo(0.3);
    assertThat(maxTokens(PROVIDERS.asked("By preset"))).isEqualTo(7);

    CommandRun own =
        ask("chat", "By own", "--model", "ratatoskr:house/terse", "--temperature", "0.9");
    assertThat(own.err()).startsWith("tiny · here (local)");
    assertThat(PROVIDERS.asked("By own").path("temperature").asDouble()).isEqualTo(0.9);
    assertThat(maxTokens(PROVIDERS.asked("By own"))).isEqualTo(7);
  }

  private static int maxTokens(JsonNode request) {
    return request.path("max_completion_tokens").asInt(request.path("max_tokens").asInt(0));
  }

  @Test
  void aProviderThatFailsInEachWay_isPassedOver_untilItIsMended() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(() -> {
          assertAnsweredInPlaceOfTwin();
          return PROVIDERS.hasFailedInEachWay() && circuit().contains("open");
        });
    assertAnsweredInPlaceOfTwin();

    PROVIDERS.mend();

    Awaitility.await()
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(() -> {
          CommandRun ran = ask("chat", "Hello", "--model", "twin");
          assertThat(ran.out()).as(ran.err()).isEqualTo("Good day\n");
          return ran.err().startsWith("twin · flaky (local)") && !circuit().contains("open");
        });
  }

  private static void assertAnsweredInPlaceOfTwin() {
    CommandRun ran = ask("chat", "Hello", "--model", "twin");
    assertThat(ran.out()).as(ran.err()).isEqualTo("Good day\n");
    assertThat(ran.err()).startsWith("tiny · here (local) · in place of twin");
  }

  /** As status shows the circuit of the provider that fails. */
  private static String circuit() {
    return pipeline.health().facts().getOrDefault("circuit flaky twin", "");
  }

  @Test
  void generate_asJson_holdsTheWholeAnswer() {
    CommandRun ran = ask("generate", "Once", "--model", "tiny", "--json", "--temperature", "0");

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.WHOLE);
    JsonNode answer = JsonMapper.shared().readTree(ran.out());
    assertThat(answer.path("text").asString()).isEqualTo("Good day");
    assertThat(answer.path("provider").asString()).isEqualTo("here");
    assertThat(answer.path("usage").path("completion_tokens").asInt()).isEqualTo(2);
  }

  /** A command that fetches from the pipeline of this class. */
  private static CommandRun result(String... args) {
    List<String> line = new ArrayList<>(List.of("result"));
    line.addAll(List.of(args));
    line.addAll(List.of("--bootstrap", pipeline.bootstrap(), "--config", config.toString()));
    return CommandRun.of(line.toArray(String[]::new));
  }

  @Test
  void detach_printsTheId_byWhichResultPrintsTheAnswerAsChatDoes() {
    CommandRun sent = ask("chat", "Hello", "--model", "tiny", "--detach");
    assertThat(sent.exitCode()).as(sent.err()).isEqualTo(ExitCode.WHOLE);
    String id = sent.out().strip();
    assertThat(sent.err()).startsWith("Its answer: ratatoskr result " + id + " --bootstrap ");

    CommandRun fetched = result(id);
    assertThat(fetched.exitCode()).as(fetched.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(fetched.out()).isEqualTo("Good day\n");
    assertThat(fetched.err())
        .startsWith("tiny · here (local) · 3 tokens in · 2 tokens out · 0.000023 · ");
    assertThat(JsonMapper.shared().readTree(result(id, "--json").out()).path("text").asString())
        .isEqualTo("Good day");
  }

  @Test
  void result_ofWhatWasAskedAndSeen_isThereToo() {
    JsonNode seen =
        JsonMapper.shared().readTree(ask("generate", "Once", "--model", "tiny", "--json").out());

    assertThat(result(seen.path("id").asString()).out()).isEqualTo("Good day\n");
  }

  @Test
  void result_ofARequestThatFailed_failsAsItDid() throws Exception {
    Handle handle =
        pipeline.submit(ChatRequest.of("none", "Hello")).handle().get(60, TimeUnit.SECONDS);
    CommandRun failed = result(handle.toString());
    assertThat(failed.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failed.err()).startsWith("result: ModelNotFound: ").hasLineCount(1);
  }

  @Test
  void result_thatIsNotThere_isSaidInOneLine() {
    Handle unsent =
        new Handle(
            Domain.DEFAULT,
            Lane.INTERACTIVE,
            Capability.CHAT,
            RequestId.next(Clock.systemUTC(), new Random(1)),
            Fingerprint.ofKey(new byte[Fingerprint.BYTES]),
            0,
            Instant.now().plusSeconds(600));
    CommandRun ran = result(unsent.toString(), "--timeout", "1");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).startsWith("result: no answer within 1 s").hasLineCount(1);

    assertThat(result("nonsense").err()).startsWith("ratatoskr result: id: 'nonsense' is no");
    assertThat(CommandRun.of("result", unsent.toString()).err())
        .contains("name the Kafka of the pipeline");
    assertThat(CommandRun.of("chat", "Hello", "--detach").err())
        .contains("--detach: the pipeline of this");
  }

  @Test
  void modelsList_showsWhatWorkersHave_andWithoutAPipelineWhatTheConfigurationOffers() {
    CommandRun there = CommandRun.of("models", "list", "--bootstrap", pipeline.bootstrap());
    assertThat(there.exitCode()).as(there.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(there.out().lines().map(line -> line.replaceAll(" +", " ")))
        .startsWith(
            "MODEL CAPABILITY POOL LOCATION STATE TOKENS PRICE",
            "far chat, generate away remote ready - -",
            "tiny chat, generate here local ready - 1 in, 10 out")
        .last()
        .asString()
        .startsWith("vendor/vec embed away remote ready - -");

    CommandRun configured =
        CommandRun.of("models", "list", "--json", "--config", config.toString());
    assertThat(configured.out().lines().map(JsonMapper.shared()::readTree))
        .extracting(
            model -> model.path("model").asString(),
            model -> model.path("location").asString(),
            model -> model.path("state").asString())
        .contains(
            tuple("tiny", "local", "known"),
            tuple("far", "remote", "known"),
            tuple("vendor/vec", "remote", "known"),
            tuple("all-minilm-l6-v2", "local", "known"),
            tuple("nli-minilm-l6", "local", "known"));
  }

  @Test
  void aRemoteProvider_isAskedWithTheFlagAlone_whichTheRefusalNames() {
    CommandRun refused = ask("chat", "Hello", "--model", "far");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err()).startsWith("chat: ConsentRequired: ").contains("--remote allows it");

    CommandRun allowed = ask("chat", "Hello", "--model", "far", "--remote");
    assertThat(allowed.out()).as(allowed.err()).isEqualTo("Good day\n");
    assertThat(allowed.err()).contains("far · away (remote)");
  }

  @Test
  void aModelThatNobodyHas_isRefusedInOneLine() {
    CommandRun ran = ask("chat", "Hello", "--model", "none");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).startsWith("chat: ModelNotFound: ").hasLineCount(1);
  }

  @Test
  void embed_throughARemoteProvider_asksForTheFlag_andPrintsTheVector() {
    CommandRun refused = ask("embed", "Hello", "--model", "vendor/vec");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err()).startsWith("embed: ConsentRequired: ").contains("--remote allows it");

    CommandRun allowed = ask("embed", "Hello", "--model", "vendor/vec", "--remote");
    assertThat(allowed.exitCode()).as(allowed.err()).isEqualTo(ExitCode.WHOLE);
    JsonNode row = JsonMapper.shared().readTree(allowed.out());
    assertThat(row.path("embedding").values()).extracting(JsonNode::asInt).containsExactly(5, 1);
    assertThat(row.path("model").asString()).isEqualTo("vendor/vec");
    assertThat(row.path("space_id").asString()).hasSize(16);
  }

  /** The pipeline runs in this process, and has no workers but the provider's. */
  @Test
  void embed_aFileThroughAServer_isABulkJob() throws Exception {
    Path input = Files.writeString(folder.resolve("lines.txt"), "one\nthree\n");
    Path output = folder.resolve("rows.jsonl");

    CommandRun ran =
        CommandRun.of(
            "embed",
            "--model=v",
            "--base-url=" + SERVER.url("/v1"),
            "--input=" + input,
            "--output=" + output);

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.WHOLE);
    assertThat(Files.readAllLines(output))
        .satisfiesExactly(
            line -> assertThat(line).contains("[3.0,1.0]"),
            line -> assertThat(line).contains("[5.0,1.0]"));
  }

  @Test
  void whatCannotBeAsked_isSaidBeforeAPipelineStarts() {
    assertThat(CommandRun.of("chat", "Hello").err()).startsWith("chat: there is no provider: ");
    assertThat(CommandRun.of("chat", "Hello", "--base-url", "http://127.0.0.1:9/v1").err())
        .startsWith("chat: --model: name one");
    assertThat(
            CommandRun.of("chat", "Hello", "--model", "x", "--base-url", "http://example.org")
                .err())
        .startsWith("chat: --base-url: must be https");
    assertThat(ask("chat", "Hello", "--interactive", "--model", "tiny").err())
        .contains("--interactive reads what is asked line by line");
    assertThat(ask("chat", "Hello", "--base-url", "http://127.0.0.1:9/v1").err())
        .contains("--base-url: the pipeline at --bootstrap has its own providers");
    assertThat(ask("embed", "Hello", "--base-url", "http://127.0.0.1:9/v1").err())
        .contains("--base-url: the pipeline at --bootstrap has its own providers");
    assertThat(
            CommandRun.of("embed", "Hello", "--model", "x", "--base-url", "https://example.org")
                .err())
        .startsWith("embed: ConsentRequired: provider server is remote")
        .contains("--remote allows it");
    assertThat(CommandRun.of("embed", "Hello", "--model", "x").err())
        .startsWith("embed: --model: ");
    assertThat(ask("chat", "Hello", "--model", "tiny", "--temperature", "-1").err())
        .startsWith("chat: temperature");
  }
}
