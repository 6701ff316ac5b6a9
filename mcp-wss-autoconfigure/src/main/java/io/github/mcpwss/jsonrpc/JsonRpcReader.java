package io.github.mcpwss.jsonrpc;

import java.util.Map;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.ObjectReader;

/**
 * Reads one JSON-RPC message from a parser, member by member.
 */
final class JsonRpcReader {

	private final ObjectReader values;

	private final JsonParser parser;

	private @Nullable String jsonrpc;

	private @Nullable String method;

	private @Nullable Object id;

	private @Nullable Object params;

	private @Nullable Object result;

	private @Nullable Object error;

	private boolean hasId;

	private boolean hasMethod;

	private boolean hasParams;

	private boolean hasResult;

	private boolean hasError;

	private @Nullable String violation;

	/**
	 * Create a reader of one message.
	 * @param values reads params and results, and stops at their end
	 * @param parser the message
	 */
	JsonRpcReader(ObjectReader values, JsonParser parser) {
		this.values = values;
		this.parser = parser;
	}

	JSONRPCMessage read() {
		JsonToken first = this.parser.nextToken();
		if (first == null) {
			throw new JsonRpcException(McpSchema.ErrorCodes.PARSE_ERROR, null, true, "Parse error: message is empty",
					null);
		}
		if (first != JsonToken.START_OBJECT) {
			// The rest is read as well, so that broken JSON is told from a wrong message.
			skipToEnd();
			throw invalid(
					(first == JsonToken.START_ARRAY) ? "batches are not part of MCP" : "message is not an object");
		}
		while (this.parser.nextToken() != JsonToken.END_OBJECT) {
			String name = this.parser.currentName();
			this.parser.nextToken();
			readMember(name);
		}
		if (this.parser.nextToken() != null) {
			// As above.
			skipToEnd();
			violate("more than one JSON value in the message");
		}
		return toMessage();
	}

	private void readMember(String name) {
		switch (name) {
			case "jsonrpc" -> {
				this.jsonrpc = readString(name, this.jsonrpc != null);
			}
			case "id" -> readId();
			case "method" -> {
				this.method = readString(name, this.hasMethod);
				this.hasMethod = true;
			}
			case "params" -> readParams();
			case "result" -> {
				violateIf(this.hasResult, "result is there twice");
				this.result = readValue();
				this.hasResult = true;
			}
			case "error" -> {
				violateIf(this.hasError, "error is there twice");
				this.error = readValue();
				this.hasError = this.error != null;
			}
			default -> this.parser.skipChildren();
		}
	}

	private @Nullable String readString(String name, boolean seen) {
		violateIf(seen, name + " is there twice");
		if (this.parser.currentToken() == JsonToken.VALUE_STRING) {
			return this.parser.getString();
		}
		violate(name + " is not a string");
		this.parser.skipChildren();
		return null;
	}

	private void readId() {
		violateIf(this.hasId, "id is there twice");
		this.hasId = true;
		switch (this.parser.currentToken()) {
			case VALUE_STRING -> {
				this.id = this.parser.getString();
			}
			case VALUE_NUMBER_INT -> {
				Number number = this.parser.getNumberValue();
				if (number instanceof Integer || number instanceof Long) {
					this.id = number;
				}
				else {
					violate("id is over 64 bits");
				}
			}
			case VALUE_NULL -> {
			}
			default -> {
				violate("id is neither a string nor an integer");
				this.parser.skipChildren();
			}
		}
	}

	private void readParams() {
		violateIf(this.hasParams, "params is there twice");
		this.hasParams = true;
		JsonToken token = this.parser.currentToken();
		if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
			this.params = readValue();
		}
		else {
			violateIf(token != JsonToken.VALUE_NULL, "params is neither an object nor an array");
		}
	}

	private @Nullable Object readValue() {
		return (this.parser.currentToken() != JsonToken.VALUE_NULL) ? this.values.readValue(this.parser) : null;
	}

	private JSONRPCMessage toMessage() {
		violateIf(!McpSchema.JSONRPC_VERSION.equals(this.jsonrpc), "jsonrpc is not \"2.0\"");
		violateIf(!this.hasMethod && !this.hasResult && !this.hasError, "no method, result or error");
		violateIf(this.hasMethod && this.hasId && this.id == null, "id is null");
		violateIf(!this.hasMethod && this.id == null, "response without an id");
		violateIf(!this.hasMethod && this.result != null && this.hasError, "result and error in one response");
		String method = this.method;
		Object id = this.id;
		if (this.violation != null) {
			throw invalid(this.violation);
		}
		if (method != null) {
			return (id != null) ? new JSONRPCRequest(this.jsonrpc, method, id, this.params)
					: new JSONRPCNotification(this.jsonrpc, method, this.params);
		}
		if (this.hasError) {
			return new JSONRPCResponse(this.jsonrpc, id, null, toError());
		}
		// A null result is legal JSON-RPC which the SDK's record refuses.
		return new JSONRPCResponse(this.jsonrpc, id, (this.result != null) ? this.result : Map.of(), null);
	}

	private JSONRPCError toError() {
		if (this.error instanceof Map<?, ?> members) {
			int code = (members.get("code") instanceof Number number) ? number.intValue()
					: McpSchema.ErrorCodes.INTERNAL_ERROR;
			String message = (members.get("message") instanceof String string) ? string : "";
			return new JSONRPCError(code, message, members.get("data"));
		}
		return new JSONRPCError(McpSchema.ErrorCodes.INTERNAL_ERROR, String.valueOf(this.error));
	}

	private void violateIf(boolean condition, String violation) {
		if (condition) {
			violate(violation);
		}
	}

	private void violate(String violation) {
		if (this.violation == null) {
			this.violation = violation;
		}
	}

	private void skipToEnd() {
		while (this.parser.nextToken() != null) {
			this.parser.skipChildren();
		}
	}

	private JsonRpcException invalid(String reason) {
		boolean response = !this.hasMethod && (this.hasResult || this.hasError);
		return new JsonRpcException(McpSchema.ErrorCodes.INVALID_REQUEST, this.id, !response,
				"Invalid request: " + reason, null);
	}

}
