package dev.serin.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.rollout.RolloutState;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Records and sealed interfaces of records as JSON, so that a new component or a new alternative
/// needs no code here. Which alternative a value is, is said by the field `is`. What is empty is
/// left out. Times are ISO 8601.
final class RecordJson {

  /// The field that names the alternative.
  static final String IS = "is";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RecordJson() {}

  /// JSON that is not a value of the wanted type.
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String at, String wrong) {
      super(at + " " + wrong);
    }

    @Override
    public String getMessage() {
      return Objects.requireNonNull(super.getMessage());
    }
  }

  static JsonNode encode(Object value, Type declared) {
    return switch (value) {
      case Record record -> encodeRecord(record, declared);
      case Enum<?> word -> JSON.textNode(word.name());
      case List<?> list -> {
        var array = JSON.arrayNode();
        list.forEach(element -> array.add(encode(element, argument(declared))));
        yield array;
      }
      case Integer number -> JSON.numberNode(number);
      case Boolean truth -> JSON.booleanNode(truth);
      case String text -> JSON.textNode(text);
      case Instant time -> JSON.textNode(time.toString());
      case Duration time -> JSON.textNode(time.toString());
      default -> throw new IllegalArgumentException(value.getClass() + " cannot be kept");
    };
  }

  private static ObjectNode encodeRecord(Record record, Type declared) {
    var object = JSON.objectNode();
    if (declared instanceof Class<?> sealed && sealed.isSealed()) {
      object.put(IS, record.getClass().getSimpleName());
    }
    for (var component : record.getClass().getRecordComponents()) {
      var value = valueOf(component, record);
      var type = component.getGenericType();
      switch (value) {
        case Optional<?> optional ->
            optional.ifPresent(inner -> object.set(name(component), encode(inner, argument(type))));
        case List<?> list when list.isEmpty() -> {}
        // JSON knows no number that is none.
        case OptionalDouble number when !Double.isFinite(number.orElse(Double.NaN)) -> {}
        case OptionalDouble number -> object.put(name(component), number.getAsDouble());
        default -> object.set(name(component), encode(value, type));
      }
    }
    return object;
  }

  static Object decode(JsonNode node, Type type, String at) throws Unreadable {
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      return decodeList(node, argument(type), at);
    }
    var plain = (Class<?>) type;
    if (plain.isSealed()) {
      return decodeRecord(node, alternative(node, plain, at), at);
    }
    if (plain.isRecord()) {
      return decodeRecord(node, plain, at);
    }
    return decodeScalar(node, plain, at);
  }

  private static List<Object> decodeList(JsonNode node, Type element, String at) throws Unreadable {
    if (!node.isArray()) {
      throw new Unreadable(at, "is not a list");
    }
    var list = new ArrayList<Object>();
    for (int i = 0; i < node.size(); i++) {
      list.add(decode(node.get(i), element, at + "[" + i + "]"));
    }
    return list;
  }

  private static Class<?> alternative(JsonNode node, Class<?> sealed, String at) throws Unreadable {
    var name = node.path(IS).asText("");
    for (var alternative : sealed.getPermittedSubclasses()) {
      if (alternative.getSimpleName().equals(name)) {
        return alternative;
      }
    }
    var known = Arrays.stream(sealed.getPermittedSubclasses()).map(Class::getSimpleName).toList();
    throw new Unreadable(at + "." + IS, "is '" + name + "', known are " + known);
  }

  private static Object decodeRecord(JsonNode node, Class<?> type, String at) throws Unreadable {
    if (!node.isObject()) {
      throw new Unreadable(at, "is not an object");
    }
    var components = type.getRecordComponents();
    var values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = decodeComponent(node.path(name(components[i])), components[i], at);
    }
    try {
      var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new Unreadable(at, "is out of range: " + e.getTargetException().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  private static Object decodeComponent(JsonNode node, RecordComponent component, String at)
      throws Unreadable {
    var there = at + "." + name(component);
    var missing = node.isMissingNode() || node.isNull();
    if (component.getType() == Optional.class) {
      return missing
          ? Optional.empty()
          : Optional.of(decode(node, argument(component.getGenericType()), there));
    }
    if (component.getType() == OptionalDouble.class) {
      return missing ? OptionalDouble.empty() : OptionalDouble.of(number(node, there));
    }
    if (missing && component.getType() == List.class) {
      return List.of();
    }
    if (missing) {
      throw new Unreadable(there, "is missing");
    }
    return decode(node, component.getGenericType(), there);
  }

  private static double number(JsonNode node, String at) throws Unreadable {
    if (!node.isNumber()) {
      throw new Unreadable(at, "is '" + node + "', which is no number");
    }
    return node.doubleValue();
  }

  private static Object decodeScalar(JsonNode node, Class<?> type, String at) throws Unreadable {
    if ((type == int.class || type == Integer.class)
        && node.isIntegralNumber()
        && node.canConvertToInt()) {
      return node.intValue();
    }
    if (type == boolean.class && node.isBoolean()) {
      return node.booleanValue();
    }
    if (!node.isTextual()) {
      throw new Unreadable(at, "is '" + node + "', which is no " + type.getSimpleName());
    }
    var text = node.textValue();
    try {
      if (type == String.class) {
        return text;
      }
      if (type == Instant.class) {
        return Instant.parse(text);
      }
      if (type == Duration.class) {
        return Duration.parse(text);
      }
      for (var constant :
          type.getEnumConstants() == null ? new Object[0] : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(text)) {
          return constant;
        }
      }
    } catch (DateTimeException _) {
      // Told below.
    }
    throw new Unreadable(at, "is '" + text + "', which is no " + type.getSimpleName());
  }

  private static Object valueOf(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  /// What a paused Canary was in is a whole state; what a step is in is not. They are told apart,
  /// so that each field has one shape.
  static String name(RecordComponent component) {
    var isState = component.getType() == RolloutState.class;
    return isState ? "stopped" : component.getName();
  }

  private static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }
}
