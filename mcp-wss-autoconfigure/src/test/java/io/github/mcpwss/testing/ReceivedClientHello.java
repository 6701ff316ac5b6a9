package io.github.mcpwss.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNull;

/**
 * The first message of a TLS client as it is on the wire (RFC 8446, 4.1.2).
 *
 * @param cipherSuites the cipher suites, in the client's order
 * @param compressionMethods the compression methods
 * @param extensions the extensions by their numbers, in the client's order
 */
public record ReceivedClientHello(List<Integer> cipherSuites, List<Integer> compressionMethods,
		Map<Integer, byte[]> extensions) {

	private static final int SERVER_NAME = 0;

	private static final int APPLICATION_LAYER_PROTOCOL_NEGOTIATION = 16;

	private static final int SUPPORTED_VERSIONS = 43;

	/**
	 * Read the message.
	 * @param socket the connection
	 * @return the message
	 * @throws IOException if something else comes
	 */
	public static ReceivedClientHello read(Socket socket) throws IOException {
		byte[] header = socket.getInputStream().readNBytes(5);
		if (header.length < 5 || header[0] != 22) {
			throw new IOException("No handshake record");
		}
		int length = ByteBuffer.wrap(header).getShort(3) & 0xFFFF;
		ByteBuffer message = ByteBuffer.wrap(socket.getInputStream().readNBytes(length));
		try {
			return parse(message);
		}
		catch (BufferUnderflowException ex) {
			throw new IOException("Message is cut off", ex);
		}
	}

	private static ReceivedClientHello parse(ByteBuffer message) {
		// type, length, version, random
		message.position(1 + 3 + 2 + 32);
		vector(message, 1);
		List<Integer> cipherSuites = numbers(vector(message, 2), 2);
		List<Integer> compressionMethods = numbers(vector(message, 1), 1);
		Map<Integer, byte[]> extensions = new LinkedHashMap<>();
		ByteBuffer all = vector(message, 2);
		while (all.hasRemaining()) {
			int type = number(all, 2);
			ByteBuffer content = vector(all, 2);
			byte[] bytes = new byte[content.remaining()];
			content.get(bytes);
			extensions.put(type, bytes);
		}
		return new ReceivedClientHello(cipherSuites, compressionMethods, extensions);
	}

	/**
	 * Return the name of the server (RFC 6066, 3).
	 * @return the name or {@code null} if there is none
	 */
	public @Nullable String serverName() {
		if (!this.extensions.containsKey(SERVER_NAME)) {
			return null;
		}
		ByteBuffer names = vector(extension(SERVER_NAME), 2);
		int type = number(names, 1);
		String name = StandardCharsets.US_ASCII.decode(vector(names, 2)).toString();
		return (type == 0 && !names.hasRemaining()) ? name : "more than one host name";
	}

	/**
	 * Return the application protocols (RFC 7301).
	 * @return the protocols, empty if the client offers none
	 */
	public List<String> applicationProtocols() {
		List<String> protocols = new ArrayList<>();
		if (this.extensions.containsKey(APPLICATION_LAYER_PROTOCOL_NEGOTIATION)) {
			ByteBuffer all = vector(extension(APPLICATION_LAYER_PROTOCOL_NEGOTIATION), 2);
			while (all.hasRemaining()) {
				protocols.add(StandardCharsets.US_ASCII.decode(vector(all, 1)).toString());
			}
		}
		return protocols;
	}

	/**
	 * Return the versions that a client of TLS 1.3 speaks.
	 * @return the versions
	 */
	public List<Integer> supportedVersions() {
		return numbers(vector(extension(SUPPORTED_VERSIONS), 1), 2);
	}

	private ByteBuffer extension(int type) {
		return ByteBuffer.wrap(requireNonNull(this.extensions.get(type)));
	}

	private static List<Integer> numbers(ByteBuffer bytes, int size) {
		List<Integer> numbers = new ArrayList<>();
		while (bytes.hasRemaining()) {
			numbers.add(number(bytes, size));
		}
		return numbers;
	}

	private static ByteBuffer vector(ByteBuffer bytes, int sizeOfLength) {
		int length = number(bytes, sizeOfLength);
		ByteBuffer vector = bytes.slice(bytes.position(), length);
		bytes.position(bytes.position() + length);
		return vector;
	}

	private static int number(ByteBuffer bytes, int size) {
		return (size == 1) ? bytes.get() & 0xFF : bytes.getShort() & 0xFFFF;
	}

}
