import type { Json, JsonObject } from '@keelson/machinery';
import { type FieldForm, type MessageForms, orReference, wraps } from './message.js';

const isBody = (value: Json) => (value as JsonObject).in === 'body';

const parameterPlaces: Readonly<Record<string, FieldForm>> = {
  header: [1, 'NamedParameter'],
  query: [3, 'QueryParameter'],
  path: [4, 'NamedParameter'],
};

/** What is said of a value's size and form; the number of the first field, `maximum`. */
function limits(first: number): Record<string, FieldForm> {
  return {
    maximum: [first, 'double'],
    exclusiveMaximum: [first + 1, 'bool'],
    minimum: [first + 2, 'double'],
    exclusiveMinimum: [first + 3, 'bool'],
    maxLength: [first + 4, 'int'],
    minLength: [first + 5, 'int'],
    pattern: [first + 6, 'string'],
    maxItems: [first + 7, 'int'],
    minItems: [first + 8, 'int'],
    uniqueItems: [first + 9, 'bool'],
  };
}

const parameterHead: Record<string, FieldForm> = {
  required: [1, 'bool'],
  in: [2, 'string'],
  description: [3, 'string'],
  name: [4, 'string'],
};

/** The messages of OpenAPIv2.proto that documents of Kubernetes use, by the names they have there or shorter ones. */
export const openApiV2Forms: MessageForms = {
  Document: {
    fields: {
      swagger: [1, 'string'],
      info: [2, 'Info'],
      host: [3, 'string'],
      basePath: [4, 'string'],
      schemes: [5, '[]string'],
      consumes: [6, '[]string'],
      produces: [7, '[]string'],
      paths: [8, 'Paths'],
      definitions: [9, 'Schemas'],
      parameters: [10, 'Parameters'],
      security: [12, '[]SecurityRequirement'],
      securityDefinitions: [13, 'SecurityDefinitions'],
    },
    extensions: 16,
  },
  Info: { fields: { title: [1, 'string'], version: [2, 'string'], description: [3, 'string'] }, extensions: 7 },
  Paths: { named: [2, 'PathItem'], extensions: 1 },
  PathItem: {
    fields: {
      $ref: [1, 'string'],
      get: [2, 'Operation'],
      put: [3, 'Operation'],
      post: [4, 'Operation'],
      delete: [5, 'Operation'],
      options: [6, 'Operation'],
      head: [7, 'Operation'],
      patch: [8, 'Operation'],
      parameters: [9, '[]ParametersItem'],
    },
    extensions: 10,
  },
  Operation: {
    fields: {
      tags: [1, '[]string'],
      summary: [2, 'string'],
      description: [3, 'string'],
      operationId: [5, 'string'],
      produces: [6, '[]string'],
      consumes: [7, '[]string'],
      parameters: [8, '[]ParametersItem'],
      responses: [9, 'Responses'],
      schemes: [10, '[]string'],
      deprecated: [11, 'bool'],
      security: [12, '[]SecurityRequirement'],
    },
    extensions: 13,
  },
  ParametersItem: orReference([1, 'Parameter'], [2, 'Reference']),
  Reference: { fields: { $ref: [1, 'string'], description: [2, 'string'] } },
  Parameters: { named: [1, 'Parameter'] },
  Parameter: { choose: (value) => (isBody(value) ? [1, 'BodyParameter'] : [2, 'PlacedParameter']) },
  BodyParameter: {
    fields: { description: [1, 'string'], name: [2, 'string'], in: [3, 'string'], required: [4, 'bool'], schema: [5, 'Schema'] },
    extensions: 6,
  },
  PlacedParameter: { choose: (value) => parameterPlaces[String((value as JsonObject).in)] },
  NamedParameter: {
    fields: { ...parameterHead, type: [5, 'string'], format: [6, 'string'], ...limits(10), enum: [20, '[]yaml'] },
    extensions: 22,
  },
  QueryParameter: {
    fields: {
      ...parameterHead,
      allowEmptyValue: [5, 'bool'],
      type: [6, 'string'],
      format: [7, 'string'],
      ...limits(11),
      enum: [21, '[]yaml'],
    },
    extensions: 23,
  },
  Responses: { named: [1, 'ResponseValue'], extensions: 2 },
  ResponseValue: orReference([1, 'Response'], [2, 'Reference']),
  Response: { fields: { description: [1, 'string'], schema: [2, 'SchemaItem'] }, extensions: 5 },
  SchemaItem: wraps(1, 'Schema'),
  Schemas: { named: [1, 'Schema'] },
  Schema: {
    fields: {
      $ref: [1, 'string'],
      format: [2, 'string'],
      title: [3, 'string'],
      description: [4, 'string'],
      default: [5, 'yaml'],
      multipleOf: [6, 'double'],
      ...limits(7),
      maxProperties: [17, 'int'],
      minProperties: [18, 'int'],
      required: [19, '[]string'],
      enum: [20, '[]yaml'],
      additionalProperties: [21, 'AdditionalProperties'],
      type: [22, 'Type'],
      items: [23, 'SchemaItem'],
      allOf: [24, '[]Schema'],
      properties: [25, 'Schemas'],
      discriminator: [26, 'string'],
      readOnly: [27, 'bool'],
      externalDocs: [29, 'ExternalDocs'],
      example: [30, 'yaml'],
    },
    extensions: 31,
  },
  AdditionalProperties: { choose: (value) => (typeof value === 'boolean' ? [2, 'bool'] : [1, 'Schema']) },
  Type: { choose: (value) => (Array.isArray(value) ? [1, '[]string'] : [1, 'string']) },
  ExternalDocs: { fields: { description: [1, 'string'], url: [2, 'string'] }, extensions: 3 },
  SecurityRequirement: { named: [1, 'Strings'] },
  Strings: wraps(1, '[]string'),
  SecurityDefinitions: { named: [1, 'SecurityDefinition'] },
  SecurityDefinition: wraps(2, 'ApiKeySecurity'),
  ApiKeySecurity: { fields: { type: [1, 'string'], name: [2, 'string'], in: [3, 'string'], description: [4, 'string'] }, extensions: 5 },
};
