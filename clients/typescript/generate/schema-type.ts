/** A JSON schema, as far as the OpenAPI document of the gateway uses it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords that say more about a value than a TypeScript type can. */
const beyondTypes = new Set([
  ...[
    'title',
    'description',
    'default',
    'example',
    'examples',
    'deprecated',
    'readOnly',
    'format',
    'pattern',
  ],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['propertyNames', 'required', 'additionalProperties'],
]);

const reference = '#/components/schemas/';

/**
 * The TypeScript type of the values that a schema takes; `indent` is that of the line it stands in. Throws where the
 * schema has a keyword that is not understood, so that no type says less or more than the document.
 */
export function typeOf(schema: JsonSchema, indent = ''): string {
  const { $ref, const: only, enum: values, anyOf, oneOf, allOf, type, properties, items, ...others } = schema;
  const unknown = Object.keys(others).filter((keyword) => !beyondTypes.has(keyword));
  if (unknown.length > 0) throw new Error(`No type is made of the keyword ${unknown.join(', ')}.`);
  if (typeof $ref === 'string') {
    if (!$ref.startsWith(reference)) throw new Error(`${$ref} is not a schema of the document.`);
    return `components['schemas'][${JSON.stringify($ref.slice(reference.length))}]`;
  }
  if ('const' in schema) return JSON.stringify(only);
  if (Array.isArray(values)) return joined(values.map((value) => JSON.stringify(value)));
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return joined(alternatives.map((one) => typeOf(one, indent)));
  if (Array.isArray(allOf)) return allOf.map((one) => `(${typeOf(one, indent)})`).join(' & ');
  const types = Array.isArray(type) ? type : [type];
  return joined(types.map((one) => typeNamed(one, schema, indent)));
}

/** A name as a member of a type has it: in quotes where it is no identifier. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A comment for what a schema, parameter or operation describes; empty where it does not. */
export function commentOf(description: unknown, indent: string): string {
  if (typeof description !== 'string' || description === '') return '';
  const lines = description.replaceAll('*/', '*\\/').split('\n');
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

function joined(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function typeNamed(name: unknown, schema: JsonSchema, indent: string): string {
  switch (name) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return name;
    case 'integer':
      return 'number';
    // openapi-fetch takes a read-only array apart into its members
    case 'array':
      return `(${typeOf((schema.items ?? {}) as JsonSchema, indent)})[]`;
    case 'object':
      return objectType(schema, indent);
    case undefined:
      return 'unknown';
    default:
      throw new Error(`No type is made of the type ${String(name)}.`);
  }
}

function objectType(schema: JsonSchema, indent: string): string {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const inner = `${indent}  `;
  const members = Object.entries(properties).map(([name, property]) => {
    const optional = required.has(name) ? '' : '?';
    const comment = commentOf(property.description, inner);
    return `${comment}${inner}${memberName(name)}${optional}: ${typeOf(property, inner)};\n`;
  });
  const { additionalProperties: others = {} } = schema;
  if (others !== false) {
    // an index signature has to take the named members as well
    const type = members.length > 0 || others === true ? 'unknown' : typeOf(others as JsonSchema, inner);
    members.push(`${inner}[name: string]: ${type};\n`);
  }
  return members.length === 0 ? 'Record<string, never>' : `{\n${members.join('')}${indent}}`;
}
