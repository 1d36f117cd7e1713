package io.ratatoskr.bench;

import io.ratatoskr.client.ChatReply;
import io.ratatoskr.client.ChatRequest;
import io.ratatoskr.client.ChatStream;
import io.ratatoskr.client.KafkaRatatoskr;
import io.ratatoskr.schemas.chat.ChatEvent;
import io.ratatoskr.schemas.chat.ChatMessage;
import io.ratatoskr.schemas.chat.ToolCall;
import io.ratatoskr.schemas.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "tools",
    description =
        "Lets a model of a pipeline call a tool, streamed and whole, tells it the result, and"
            + " prints what comes; for bench/peers/litellm/chat.",
    mixinStandardHelpOptions = true)
final class ToolsCommand implements Callable<Integer> {
  private static final ToolDefinition WEATHER =
      ToolDefinition.of(
          "weather",
          "The weather of a city.",
          """
          {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
          """);

  @Option(names = "--bootstrap", required = true, description = "Kafka of the pipeline.")
  private String bootstrap = "";

  @Option(names = "--model", required = true, description = "Who is asked.")
  private String model = "";

  @Override
  public Integer call() throws Exception {
    try (KafkaRatatoskr client = KafkaRatatoskr.connect(bootstrap)) {
      List<ChatMessage> messages = new ArrayList<>();
      messages.add(ChatMessage.user("What is the weather in Oslo?"));
      ChatReply whole = client.chat(request(messages)).get(60, TimeUnit.SECONDS);
      ChatReply streamed = streamed(client, messages);
      System.out.println("whole:    " + whole.answer().toolCalls());
      System.out.println("streamed: " + streamed.answer().toolCalls());
      if (streamed.answer().toolCalls().isEmpty() || !read(whole).equals(read(streamed))) {
        System.err.println("the tool was not called, or not alike");
        return 1;
      }
      messages.add(streamed.answer().message());
      for (ToolCall call : streamed.answer().toolCalls()) {
        messages.add(ChatMessage.tool(call.id(), "rain, 7 degrees"));
      }
      System.out.println("then:     " + streamed(client, messages).text());
    }
    return 0;
  }

  /** What is called and with which arguments, however these are written. */
  private static List<Object> read(ChatReply reply) {
    return reply.answer().toolCalls().stream()
        .<Object>map(call -> List.of(call.name(), JsonMapper.shared().readTree(call.arguments())))
        .toList();
  }

  private ChatRequest request(List<ChatMessage> messages) {
    return ChatRequest.of(model, messages).withTools(List.of(WEATHER));
  }

  private ChatReply streamed(KafkaRatatoskr client, List<ChatMessage> messages) throws Exception {
    try (ChatStream<ChatReply> stream = client.chatStream(request(messages))) {
      for (ChatEvent event : stream) {
        System.out.println("  " + event);
      }
      return stream.reply().get(60, TimeUnit.SECONDS);
    }
  }
}
