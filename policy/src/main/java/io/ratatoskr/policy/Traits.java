package io.ratatoskr.policy;

/**
 * What a request's payload says about who can answer it.
 *
 * @param prompt the last text of the user; empty where there is none
 * @param promptTokens estimate of the tokens of all that the model is given
 * @param answerTokens most tokens of the answer; 0 where the request says nothing
 * @param tools whether the model must be able to call tools
 * @param jsonSchema whether the answer must follow a JSON schema
 */
public record Traits(
    String prompt, int promptTokens, int answerTokens, boolean tools, boolean jsonSchema) {
  /** Of a request that makes no demands. */
  public static final Traits NONE = new Traits("", 0, 0, false, false);

  /** Tokens that the model's context must hold. */
  int contextTokens() {
    return promptTokens + answerTokens;
  }
}
