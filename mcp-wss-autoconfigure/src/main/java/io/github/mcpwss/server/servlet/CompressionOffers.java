package io.github.mcpwss.server.servlet;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import jakarta.websocket.Extension;

/**
 * Chooses among the extensions that a client offers, before the container has a say:
 * Jetty would let the client choose the sizes of its buffers.
 */
final class CompressionOffers {

	/**
	 * The parameters of RFC 7692, section 7.1, without {@code server_max_window_bits},
	 * which the JDK's compressor cannot serve.
	 */
	private static final Set<String> PARAMETERS = Set.of("client_max_window_bits", "client_no_context_takeover",
			"server_no_context_takeover");

	private static final Pattern WINDOW_BITS = Pattern.compile("[89]|1[0-5]");

	private CompressionOffers() {
	}

	/**
	 * Return the first offer of {@code permessage-deflate} that can be met.
	 * @param offers what the client offers, in the order of its preference
	 * @return the offer, or empty if there is none: the socket opens without compression
	 */
	static Optional<Extension> firstAcceptable(List<Extension> offers) {
		return offers.stream().filter(CompressionOffers::isAcceptable).findFirst();
	}

	private static boolean isAcceptable(Extension offer) {
		List<String> names = offer.getParameters().stream().map(Extension.Parameter::getName).toList();
		return offer.getName().equals("permessage-deflate") && PARAMETERS.containsAll(names)
				&& Set.copyOf(names).size() == names.size()
				&& offer.getParameters().stream().allMatch(CompressionOffers::isAcceptable);
	}

	private static boolean isAcceptable(Extension.Parameter parameter) {
		String value = parameter.getValue();
		return value == null || value.isEmpty()
				|| (parameter.getName().equals("client_max_window_bits") && WINDOW_BITS.matcher(value).matches());
	}

}
