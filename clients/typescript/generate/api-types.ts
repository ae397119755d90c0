import { commentOf, type JsonSchema, memberName, typeOf } from './schema-type.ts';

/** An OpenAPI 3.1 document, as far as types are made of it. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

const places = ['query', 'header', 'path', 'cookie'];

/** A module with the types `paths` and `components` of a document, in the form that openapi-fetch reads. */
export function apiTypes({ paths, components }: ApiDocument): string {
  const operations = Object.entries(paths).map(([path, methods]) => {
    const each = Object.entries(methods).map(([method, operation]) => operationType(method, operation));
    return `  ${memberName(path)}: {\n${each.join('')}  };\n`;
  });
  const schemas = Object.entries(components.schemas).map(([name, schema]) => {
    return `${commentOf(schema.description, '    ')}    ${memberName(name)}: ${typeOf(schema, '    ')};\n`;
  });
  return `// Generated from the OpenAPI document of the gateway by \`npm run generate:client\`. Change the gateway, not this file.

interface ApiAnswer<Content> {
  headers: { [name: string]: unknown };
  content: Content;
}

/** Every operation, by path and method. */
export interface paths {
${operations.join('')}}

/** What operations take and answer with. */
export interface components {
  schemas: {
${schemas.join('')}  };
}
`;
}

function operationType(method: string, operation: Operation): string {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const comment = commentOf([summary, description].filter(Boolean).join('.\n\n'), '    ');
  const parts = places.map((place) =>
    parametersType(
      place,
      parameters.filter((one) => one.in === place),
    ),
  );
  const body =
    requestBody === undefined
      ? '      requestBody?: never;\n'
      : `      requestBody${requestBody.required ? '' : '?'}: { content: ${contentType(requestBody.content)} };\n`;
  const answers = Object.entries(responses).map(
    ([status, { content }]) => `        ${status}: ApiAnswer<${contentType(content)}>;\n`,
  );
  return `${comment}    ${method}: {\n      parameters: {\n${parts.join('')}      };\n${body}      responses: {\n${answers.join('')}      };\n    };\n`;
}

function parametersType(place: string, parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return `        ${place}?: never;\n`;
  const members = parameters.map(({ name, required, description, schema }) => {
    const type = typeOf(schema, '          ');
    return `${commentOf(description, '          ')}          ${memberName(name)}${required ? '' : '?'}: ${type};\n`;
  });
  const optional = parameters.some(({ required }) => required) ? '' : '?';
  return `        ${place}${optional}: {\n${members.join('')}        };\n`;
}

function contentType(content: Content = {}): string {
  const types = Object.entries(content).map(
    ([mediaType, { schema }]) => `${memberName(mediaType)}: ${typeOf(schema, '        ')}`,
  );
  return types.length === 0 ? 'undefined' : `{ ${types.join('; ')} }`;
}
