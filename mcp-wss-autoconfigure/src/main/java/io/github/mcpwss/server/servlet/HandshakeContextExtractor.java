package io.github.mcpwss.server.servlet;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpTransportContextExtractor;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;

/**
 * What tools may know of the handshake, unless the application decides otherwise.
 */
final class HandshakeContextExtractor implements McpTransportContextExtractor<ServerHttpRequest> {

	@Override
	public McpTransportContext extract(ServerHttpRequest request) {
		Map<String, Object> context = new HashMap<>();
		Principal principal = request.getPrincipal();
		if (principal != null) {
			context.put("principal", principal);
		}
		InetSocketAddress remoteAddress = request.getRemoteAddress();
		context.put("remoteAddress", remoteAddress);
		// Copied, since the container uses its request again after the handshake.
		context.put("headers", HttpHeaders.readOnlyHttpHeaders(HttpHeaders.copyOf(request.getHeaders())));
		return McpTransportContext.create(context);
	}

}
