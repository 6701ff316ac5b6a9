package io.github.mcpwss.server.reactive;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;

/**
 * Compression that is agreed on with one client: {@code permessage-deflate} of RFC 7692.
 * Reactor Netty's own would inflate whatever comes, without an end.
 */
final class Compression {

	private static final String NAME = "permessage-deflate";

	private static final int LEVEL = 6;

	private static final int WINDOW_BITS = 15;

	private final WebSocketServerExtension extension;

	private Compression(WebSocketServerExtension extension) {
		this.extension = extension;
	}

	/**
	 * Agree on the first offer of a client that can be met.
	 * @param offers the values of {@code Sec-WebSocket-Extensions}
	 * @return what was agreed on, or empty if the socket goes without
	 */
	static Optional<Compression> negotiate(List<String> offers) {
		// The JDK's compressor has one window size. What is inflated is bounded by
		// MessageInflater rather than here.
		PerMessageDeflateServerExtensionHandshaker handshaker = new PerMessageDeflateServerExtensionHandshaker(LEVEL,
				false, WINDOW_BITS, true, true, 0);
		return offers.stream()
			.flatMap((line) -> Stream.of(line.split(",")))
			.map(String::trim)
			.filter((offer) -> offer.startsWith(NAME))
			.flatMap((offer) -> WebSocketExtensionUtil.extractExtensions(offer).stream())
			.flatMap((offer) -> accept(handshaker, offer))
			.findFirst()
			.map(Compression::new);
	}

	private static Stream<WebSocketServerExtension> accept(PerMessageDeflateServerExtensionHandshaker handshaker,
			WebSocketExtensionData offer) {
		try {
			return Stream.ofNullable(handshaker.handshakeExtension(offer));
		}
		catch (NumberFormatException ex) {
			// A window size that is none makes the offer one to decline.
			return Stream.empty();
		}
	}

	/**
	 * Return the value of {@code Sec-WebSocket-Extensions} for the answer.
	 * @return the extension and its parameters
	 */
	String header() {
		WebSocketExtensionData data = this.extension.newReponseData();
		return Stream.concat(Stream.of(data.name()), data.parameters().entrySet().stream().map(Compression::parameter))
			.collect(Collectors.joining(";"));
	}

	private static String parameter(Map.Entry<String, String> parameter) {
		String value = parameter.getValue();
		return (value != null) ? parameter.getKey() + "=" + value : parameter.getKey();
	}

	/**
	 * Deflate what is written.
	 * @param pipeline the pipeline of the socket
	 * @param decoder the name of the handler that decodes frames
	 */
	void install(ChannelPipeline pipeline, String decoder) {
		pipeline.addAfter(decoder, "mcp.deflater", this.extension.newExtensionEncoder());
	}

}
