package io.github.mcpwss.jsonrpc;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.json.UTF8JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.jdk.StringSerializer;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * Writes strings as Jackson's own serializer does, but long ones in which nothing is to
 * be escaped in one piece: images, sound and other content in Base64 are the largest that
 * MCP sends, and Jackson looks at each of their characters.
 */
final class LongStringSerializer extends StdScalarSerializer<Object> {

	/** Below it, the copy of the bytes costs more than it saves. */
	private static final int LONG = 1024;

	private LongStringSerializer() {
		super(String.class, false);
	}

	/**
	 * Return a module that puts this serializer in the place of Jackson's own, and leaves
	 * alone what an application has put there.
	 * @return the module
	 */
	static JacksonModule module() {
		return new SimpleModule().setSerializerModifier(new ValueSerializerModifier() {

			@Override
			public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier bean,
					ValueSerializer<?> serializer) {
				return (serializer instanceof StringSerializer) ? new LongStringSerializer() : serializer;
			}

		});
	}

	@Override
	public boolean isEmpty(SerializationContext context, Object value) {
		return ((String) value).isEmpty();
	}

	@Override
	public void serialize(Object value, JsonGenerator json, SerializationContext context) {
		String text = (String) value;
		byte[] plain = (text.length() >= LONG && escapesOnlyWhatItMust(json)) ? PlainAscii.bytesOf(text) : null;
		if (plain != null) {
			json.writeRawUTF8String(plain, 0, plain.length);
		}
		else {
			json.writeString(text);
		}
	}

	@Override
	public void serializeWithType(Object value, JsonGenerator json, SerializationContext context,
			TypeSerializer typeSerializer) {
		serialize(value, json, context);
	}

	private static boolean escapesOnlyWhatItMust(JsonGenerator json) {
		return json instanceof UTF8JsonGenerator utf8 && utf8.getCharacterEscapes() == null
				&& !utf8.isEnabled(JsonWriteFeature.ESCAPE_FORWARD_SLASHES);
	}

}
