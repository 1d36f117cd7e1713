"""A model for LiteLLM's proxy that needs no provider: it calls the first tool that it is offered, and once it has a
tool's result it tells that; without tools it says a sentence. How that travels is all LiteLLM's."""

import asyncio

from litellm import CustomLLM, ModelResponse

SENTENCE = "The sky is blue since air scatters blue light most."
PIECE = 6


def text_of(message):
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def answer(messages, tools):
    """What is said, and the tool that is called or None."""
    if messages[-1]["role"] == "tool":
        return "The tool says: " + text_of(messages[-1]), None
    return ("Let me see.", tools[0]["function"]["name"]) if tools else (SENTENCE, None)


def call(name, arguments):
    return {"id": "call_mocked", "type": "function", "index": 0, "function": {"name": name, "arguments": arguments}}


class MockedModel(CustomLLM):
    async def acompletion(self, model, messages, model_response: ModelResponse, optional_params, **others):
        said, tool = answer(messages, optional_params.get("tools"))
        message = {"role": "assistant", "content": said}
        if tool:
            message["tool_calls"] = [call(tool, '{"city": "Oslo"}')]
        return ModelResponse(
            model=model,
            choices=[{"index": 0, "finish_reason": "tool_calls" if tool else "stop", "message": message}],
            usage={"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
        )

    async def astreaming(self, messages, optional_params, **others):
        said, tool = answer(messages, optional_params.get("tools"))

        def chunk(text="", tool_use=None, finish=""):
            return {
                "text": text,
                "tool_use": tool_use,
                "is_finished": bool(finish),
                "finish_reason": finish,
                "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18} if finish else None,
                "index": 0,
            }

        for start in range(0, len(said), PIECE):
            yield chunk(said[start : start + PIECE])
            await asyncio.sleep(0.02)
        if tool:
            yield chunk(tool_use=call(tool, '{"city":'))
            yield chunk(tool_use=call(None, ' "Oslo"}') | {"id": None})
        yield chunk(finish="tool_calls" if tool else "stop")


model = MockedModel()
