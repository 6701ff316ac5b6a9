package io.github.mcpwss.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes JSON-RPC 2.0 messages as the records of the MCP Java SDK, in one pass
 * over the input and without an intermediate tree: {@code params} and {@code result}
 * become plain maps and lists, which is what the SDK's sessions expect.
 * <p>
 * Instances are immutable and safe for use by several threads.
 *
 * @see McpSchema#deserializeJsonRpcMessage
 */
public final class JsonRpcCodec {

	private final JsonMapper jsonMapper;

	private final ObjectReader values;

	private final ObjectWriter messages;

	/**
	 * Create a codec.
	 * @param jsonMapper the mapper to read and write with
	 */
	public JsonRpcCodec(JsonMapper jsonMapper) {
		this.jsonMapper = jsonMapper;
		this.values = jsonMapper.readerFor(Object.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		this.messages = jsonMapper.rebuild().addModule(LongStringSerializer.module()).build().writer();
	}

	/**
	 * Read one message.
	 * @param utf8 the whole text message, encoded in UTF-8
	 * @return a request, a notification or a response
	 * @throws JsonRpcException if the text is not one valid JSON-RPC message
	 */
	public JSONRPCMessage read(byte[] utf8) {
		if (utf8.length >= 3 && (utf8[0] & 0xff) == 0xef && (utf8[1] & 0xff) == 0xbb && (utf8[2] & 0xff) == 0xbf) {
			// Jackson would pass it over here, but not in text.
			throw new JsonRpcException(McpSchema.ErrorCodes.PARSE_ERROR, null, true,
					"Parse error: message starts with a byte order mark", null);
		}
		try (JsonParser parser = this.jsonMapper.createParser(utf8)) {
			return new JsonRpcReader(this.values, parser).read();
		}
		catch (JacksonException ex) {
			// Structure is ASCII, which any code that extends it shows.
			Object id = BrokenResponse.idOf(new String(utf8, StandardCharsets.ISO_8859_1));
			throw new JsonRpcException(McpSchema.ErrorCodes.PARSE_ERROR, id, id == null,
					"Parse error: " + ex.getOriginalMessage(), ex);
		}
	}

	/**
	 * Write a message.
	 * @param message the message
	 * @return its JSON, encoded in UTF-8
	 * @throws IllegalArgumentException if the message holds something that has no JSON
	 * form
	 */
	public byte[] write(JSONRPCMessage message) {
		try {
			return this.messages.writeValueAsBytes(message);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("Message has no JSON form: " + ex.getOriginalMessage(), ex);
		}
	}

	/**
	 * Write an error response, also one without an id, which the SDK's own
	 * {@link JSONRPCResponse} does not allow.
	 * @param id the id of the failed request or {@code null} if it could not be read
	 * @param code the error code
	 * @param message a single sentence for the peer
	 * @return the response's JSON, encoded in UTF-8
	 */
	public byte[] writeError(@Nullable Object id, int code, String message) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(128);
		try (JsonGenerator json = this.jsonMapper.createGenerator(out)) {
			json.writeStartObject();
			json.writeStringProperty("jsonrpc", McpSchema.JSONRPC_VERSION);
			json.writeName("id");
			json.writePOJO(id);
			json.writeName("error");
			Map<String, Object> error = new LinkedHashMap<>();
			error.put("code", code);
			error.put("message", message);
			json.writePOJO(error);
			json.writeEndObject();
		}
		return out.toByteArray();
	}

	/**
	 * Convert the plain maps and lists of a message to an object of the MCP schema.
	 * @param <T> the type of the object
	 * @param data what {@link #read} made of params or a result
	 * @param type the type of the object
	 * @return the object
	 * @throws IllegalArgumentException if the data does not fit the type
	 */
	public <T> T convert(@Nullable Object data, TypeRef<T> type) {
		JavaType javaType = this.jsonMapper.constructType(type.getType());
		try {
			return this.jsonMapper.convertValue(data, javaType);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException(ex.getOriginalMessage(), ex);
		}
	}

}
