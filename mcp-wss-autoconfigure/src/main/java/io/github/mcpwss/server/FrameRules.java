package io.github.mcpwss.server;

/**
 * What the frames of a socket may be, besides what RFC 6455 says.
 *
 * @param maxMessageSize the size of a message in bytes of UTF-8, either direction; over
 * it the socket closes with 1009
 * @param compression whether {@code permessage-deflate} (RFC 7692) is agreed on with a
 * peer that offers it; the limit holds for what comes out of it
 */
public record FrameRules(int maxMessageSize, boolean compression) {

}
