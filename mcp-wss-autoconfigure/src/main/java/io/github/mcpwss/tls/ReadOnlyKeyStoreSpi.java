package io.github.mcpwss.tls;

import java.io.InputStream;
import java.io.OutputStream;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.KeyStoreSpi;
import java.security.NoSuchAlgorithmException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;

import org.jspecify.annotations.Nullable;

/**
 * A view of another key store.
 */
final class ReadOnlyKeyStoreSpi extends KeyStoreSpi {

	private final KeyStore store;

	ReadOnlyKeyStoreSpi(KeyStore store) {
		this.store = store;
	}

	@Override
	public @Nullable Key engineGetKey(String alias, char[] password)
			throws NoSuchAlgorithmException, UnrecoverableKeyException {
		try {
			return this.store.getKey(alias, password);
		}
		catch (KeyStoreException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public Certificate @Nullable [] engineGetCertificateChain(String alias) {
		return read(() -> this.store.getCertificateChain(alias));
	}

	@Override
	public @Nullable Certificate engineGetCertificate(String alias) {
		return read(() -> this.store.getCertificate(alias));
	}

	@Override
	public @Nullable Date engineGetCreationDate(String alias) {
		return read(() -> this.store.getCreationDate(alias));
	}

	@Override
	public Enumeration<String> engineAliases() {
		Enumeration<String> aliases = read(this.store::aliases);
		return (aliases != null) ? aliases : Collections.emptyEnumeration();
	}

	@Override
	public boolean engineContainsAlias(String alias) {
		return Boolean.TRUE.equals(read(() -> this.store.containsAlias(alias)));
	}

	@Override
	public int engineSize() {
		Integer size = read(this.store::size);
		return (size != null) ? size : 0;
	}

	@Override
	public boolean engineIsKeyEntry(String alias) {
		return Boolean.TRUE.equals(read(() -> this.store.isKeyEntry(alias)));
	}

	@Override
	public boolean engineIsCertificateEntry(String alias) {
		return Boolean.TRUE.equals(read(() -> this.store.isCertificateEntry(alias)));
	}

	@Override
	public @Nullable String engineGetCertificateAlias(Certificate certificate) {
		return read(() -> this.store.getCertificateAlias(certificate));
	}

	@Override
	public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain)
			throws KeyStoreException {
		throw readOnly();
	}

	@Override
	public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) throws KeyStoreException {
		throw readOnly();
	}

	@Override
	public void engineSetCertificateEntry(String alias, Certificate certificate) throws KeyStoreException {
		throw readOnly();
	}

	@Override
	public void engineDeleteEntry(String alias) throws KeyStoreException {
		throw readOnly();
	}

	@Override
	public void engineStore(OutputStream stream, char[] password) {
		throw new UnsupportedOperationException("The key store is read-only");
	}

	@Override
	public void engineLoad(@Nullable InputStream stream, char @Nullable [] password) {
	}

	private static KeyStoreException readOnly() {
		return new KeyStoreException("The key store is read-only");
	}

	private static <T> @Nullable T read(Read<T> read) {
		try {
			return read.get();
		}
		catch (KeyStoreException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private interface Read<T> {

		@Nullable T get() throws KeyStoreException;

	}

}
