package io.github.mcpwss.sample;

import java.util.List;
import java.util.Map;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpServerTransportProvider;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The server: the starter gives the transport, everything else is the MCP Java SDK.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!client")
class SampleServer {

	private static final String RUNTIME_URI = "sample://runtime";

	@Bean(destroyMethod = "closeGracefully")
	McpSyncServer mcpServer(McpServerTransportProvider transport, List<SyncToolSpecification> tools) {
		return McpServer.sync(transport)
			.serverInfo("mcp-wss-sample", "0.1.0")
			.instructions("Tools to try MCP over secure WebSocket with.")
			// The transport runs each request on a thread of its own: no other is needed.
			.immediateExecution(true)
			.tools(tools)
			.resources(runtime())
			.prompts(explainCertificate())
			.build();
	}

	private SyncResourceSpecification runtime() {
		Resource resource = Resource.builder(RUNTIME_URI, "runtime")
			.description("Java runtime of the server")
			.mimeType("text/plain")
			.build();
		return new SyncResourceSpecification(resource, (exchange, request) -> {
			String text = "Java " + Runtime.version() + " on " + System.getProperty("os.name");
			return ReadResourceResult
				.builder(List.of(TextResourceContents.builder(RUNTIME_URI, text).mimeType("text/plain").build()))
				.build();
		});
	}

	private SyncPromptSpecification explainCertificate() {
		Prompt prompt = Prompt.builder("explain_certificate")
			.description("Ask for an explanation of a server's certificate")
			.arguments(List.of(PromptArgument.builder("host").description("Host name").required(true).build()))
			.build();
		return new SyncPromptSpecification(prompt, (exchange, request) -> {
			Object host = request.arguments().get("host");
			String text = "Call inspect_certificate for " + host + " and explain the result to an operator.";
			return GetPromptResult
				.builder(List.of(PromptMessage.builder(Role.USER, TextContent.builder(text).build()).build()))
				.build();
		});
	}

	@Bean
	SyncToolSpecification echo() {
		return Tools.tool("echo", "Return the text", Tools.schema(Map.of("text", "string")),
				(exchange, arguments) -> Tools.string(arguments, "text"));
	}

	@Bean
	SyncToolSpecification add() {
		return Tools.tool("add", "Add two numbers", Tools.schema(Map.of("a", "number", "b", "number")),
				(exchange, arguments) -> Tools.decimal(arguments, "a")
					.add(Tools.decimal(arguments, "b"))
					.stripTrailingZeros()
					.toPlainString());
	}

	@Bean
	SyncToolSpecification bigText() {
		return Tools.tool("bigtext", "Return that many KiB of text", Tools.schema(Map.of("kib", "integer")),
				(exchange, arguments) -> {
					int kib = Tools.integer(arguments, "kib", 0, 15 * 1024);
					return "0123456789abcdef".repeat(64 * kib);
				});
	}

	@Bean
	SyncToolSpecification inspectCertificate() {
		return Tools.tool("inspect_certificate", "Show the certificate chain and the protocol of a TLS server",
				Tools.schema(Map.of("host", "string", "port", "integer")),
				(exchange, arguments) -> new CertificateInspector().inspect(Tools.string(arguments, "host"),
						Tools.integer(arguments, "port", 1, 65535)));
	}

	@Bean
	SyncToolSpecification greet() {
		return Tools.tool("greet", "Ask the client for a name and greet it", Tools.schema(Map.of()),
				(exchange, arguments) -> Greeting.ask(exchange));
	}

}
