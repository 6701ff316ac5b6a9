package io.github.mcpwss.sample;

import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.mcpwss.client.ConnectionInfo;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;

/**
 * A walk through everything that a server offers, printed line by line.
 */
class Tour {

	private final McpSyncClient client;

	private final McpClientTransport transport;

	private final PrintStream out;

	Tour(McpSyncClient client, McpClientTransport transport, PrintStream out) {
		this.client = client;
		this.transport = transport;
		this.out = out;
	}

	void run() {
		InitializeResult initialized = this.client.initialize();
		ConnectionInfo connection = ((McpWebSocketClientTransport) this.transport).getConnectionInfo().orElseThrow();
		Implementation server = initialized.serverInfo();
		print("Connected", connection.uri().toString());
		print("TLS", connection.tlsProtocol() + ", " + connection.cipherSuite());
		print("Certificate",
				connection.peerCertificates()
					.stream()
					.map((certificate) -> certificate.getSubjectX500Principal().getName())
					.collect(Collectors.joining(" <- ")));
		print("Server", server.name() + " " + server.version() + ", MCP " + initialized.protocolVersion());
		List<String> tools = this.client.listTools().tools().stream().map(Tool::name).sorted().toList();
		print("Tools", String.join(", ", tools));
		for (CallToolRequest call : calls(connection.uri())) {
			if (tools.contains(call.name())) {
				call(call);
			}
		}
		resourcesAndPrompts(initialized);
	}

	private static List<CallToolRequest> calls(URI uri) {
		int port = (uri.getPort() > 0) ? uri.getPort() : 443;
		return List.of(CallToolRequest.builder("echo").arguments(Map.of("text", "Grüße über wss 🔒")).build(),
				CallToolRequest.builder("add").arguments(Map.of("a", 19, "b", 23.5)).build(),
				CallToolRequest.builder("bigtext").arguments(Map.of("kib", 1024)).build(),
				CallToolRequest.builder("inspect_certificate")
					.arguments(Map.of("host", uri.getHost(), "port", port))
					.build(),
				CallToolRequest.builder("greet").arguments(Map.of()).build());
	}

	private void call(CallToolRequest call) {
		long start = System.nanoTime();
		CallToolResult result = this.client.callTool(call);
		long micros = (System.nanoTime() - start) / 1000;
		String text = result.content()
			.stream()
			.map((content) -> (content instanceof TextContent textContent) ? textContent.text() : content.toString())
			.collect(Collectors.joining("\n"));
		print(call.name() + " " + call.arguments(),
				(Boolean.TRUE.equals(result.isError()) ? "error: " : "") + shorten(text) + "  [" + micros + " µs]");
	}

	private void resourcesAndPrompts(InitializeResult initialized) {
		if (initialized.capabilities().resources() != null) {
			for (Resource resource : this.client.listResources().resources()) {
				this.client.readResource(ReadResourceRequest.builder(resource.uri()).build())
					.contents()
					.forEach((contents) -> print("Resource " + contents.uri(),
							(contents instanceof TextResourceContents text) ? shorten(text.text())
									: contents.mimeType()));
			}
		}
		if (initialized.capabilities().prompts() != null) {
			for (Prompt prompt : this.client.listPrompts().prompts()) {
				if ("explain_certificate".equals(prompt.name())) {
					this.client
						.getPrompt(
								GetPromptRequest.builder(prompt.name()).arguments(Map.of("host", "localhost")).build())
						.messages()
						.forEach((message) -> print("Prompt " + prompt.name(),
								(message.content() instanceof TextContent text) ? text.text()
										: message.content().toString()));
				}
			}
		}
	}

	private static String shorten(String text) {
		return (text.length() <= 1000) ? text.replace("\n", "\n    ")
				: text.substring(0, 32) + "… (" + text.length() + " characters)";
	}

	private void print(String what, String value) {
		this.out.println("> " + what + ": " + value);
	}

}
