package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Makes codecs of the application's mapper.
 */
final class JsonRpcCodecs {

	private JsonRpcCodecs() {
	}

	/**
	 * Return a codec.
	 * @param dedicated the mapper that the application keeps for MCP
	 * @param general the application's mapper
	 * @return the codec
	 */
	static JsonRpcCodec get(ObjectProvider<JsonMapper> dedicated, ObjectProvider<JsonMapper> general) {
		JsonMapper jsonMapper = dedicated.getIfUnique();
		return new JsonRpcCodec((jsonMapper != null) ? jsonMapper : orShared(general.getIfUnique()));
	}

	private static JsonMapper orShared(@Nullable JsonMapper jsonMapper) {
		return (jsonMapper != null) ? jsonMapper : JsonMapper.shared();
	}

}
