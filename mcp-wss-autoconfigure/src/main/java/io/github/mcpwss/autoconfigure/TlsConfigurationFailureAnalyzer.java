package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.tls.TlsConfigurationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a {@link TlsConfigurationException}.
 */
final class TlsConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<TlsConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TlsConfigurationException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.getAction(), cause);
	}

}
