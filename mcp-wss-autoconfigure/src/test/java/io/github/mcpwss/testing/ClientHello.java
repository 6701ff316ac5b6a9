package io.github.mcpwss.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * The first message of a TLS client that is as old as a test wants it (RFC 5246,
 * 7.4.1.2), without extensions of TLS 1.3.
 *
 * @param version the highest version, such as {@code 0x0302} for TLS 1.1
 * @param ciphers the cipher suites
 */
public record ClientHello(int version, int... ciphers) {

	/**
	 * What no server of ours speaks.
	 */
	public static final int TLS_1_1 = 0x0302;

	/**
	 * What every server of ours speaks.
	 */
	public static final int TLS_1_2 = 0x0303;

	/**
	 * TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256.
	 */
	public static final int CBC = 0xC023;

	/**
	 * TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.
	 */
	public static final int GCM = 0xC02B;

	/**
	 * Send the message.
	 * @param port the port on the loopback interface
	 * @return the alert that the server answers with, -1 if it goes on
	 * @throws IOException if there is no answer
	 */
	public int send(int port) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return send(socket);
		}
	}

	/**
	 * Do the same over a connection that there is.
	 */
	public int send(Socket socket) throws IOException {
		socket.setSoTimeout(10_000);
		socket.getOutputStream().write(record());
		DataInputStream input = new DataInputStream(socket.getInputStream());
		boolean alert = input.readUnsignedByte() == 21;
		input.readFully(new byte[5]);
		return alert ? input.readUnsignedByte() : -1;
	}

	private byte[] record() throws IOException {
		ByteArrayOutputStream hello = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(hello);
		out.writeShort(this.version);
		out.write(new byte[32]);
		out.writeByte(0);
		out.writeShort(this.ciphers.length * 2);
		for (int cipher : this.ciphers) {
			out.writeShort(cipher);
		}
		out.writeShort(0x0100);
		// supported_groups secp256r1; ec_point_formats uncompressed; signature_algorithms
		// ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256;
		// renegotiation_info
		byte[] extensions = { 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 8, 0, 6, 4, 3, 8, 4, 4, 1,
				(byte) 0xFF, 1, 0, 1, 0 };
		out.writeShort(extensions.length);
		out.write(extensions);
		ByteArrayOutputStream record = new ByteArrayOutputStream();
		DataOutputStream recordOut = new DataOutputStream(record);
		recordOut.writeByte(22);
		recordOut.writeShort(0x0301);
		recordOut.writeShort(hello.size() + 4);
		recordOut.writeInt((1 << 24) | hello.size());
		hello.writeTo(recordOut);
		return record.toByteArray();
	}

}
