package io.github.mcpwss.tls;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at startup when a configured certificate, private key or directory cannot be
 * used. The message says what is wrong with which file, {@link #getAction()} what to do
 * about it. Neither holds key content or a password. Immutable.
 */
public class TlsConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final @Nullable String location;

	private final String action;

	/**
	 * Create a new exception.
	 * @param property the name of the property at fault, such as
	 * {@code mcp.websocket.tls.cert-path}
	 * @param location the location as it was configured, without content, or {@code null}
	 * @param description what is wrong
	 * @param action what to do about it
	 * @param cause the cause or {@code null}
	 */
	public TlsConfigurationException(String property, @Nullable String location, String description, String action,
			@Nullable Throwable cause) {
		super(description, cause);
		this.property = property;
		this.location = location;
		this.action = action;
	}

	/**
	 * Return the name of the property at fault.
	 * @return the property
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Return the location as it was configured. A location that carries the content
	 * itself ({@code base64:} or PEM text) is abbreviated.
	 * @return the location or {@code null}
	 */
	public @Nullable String getLocation() {
		return this.location;
	}

	/**
	 * Return what to do about it.
	 * @return the action
	 */
	public String getAction() {
		return this.action;
	}

}
