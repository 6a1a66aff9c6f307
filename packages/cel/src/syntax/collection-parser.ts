import type { Expression, ListElement, MapEntry, StructField } from './expression.js';
import { after, before, tokens as expected, starts } from './grammar.js';
import { LiteralParser } from './literal-parser.js';
import { broken } from './node-builder.js';
import type { Place } from './recognizer.js';
import { Kind } from './tokens.js';

/** Lists, maps and messages, as they are written in expressions. */
export abstract class CollectionParser extends LiteralParser {
  protected abstract expression(follow: Place): Expression;

  protected list(): Expression {
    const { at } = this.take();
    this.sync(before.elements);
    const elements = starts.optionalExpression.has(this.look()) ? this.#elements() : [];
    this.sync(before.lastComma);
    if (this.look() === Kind.Comma) this.take();
    this.match(expected.closeList);
    return this.carry(
      { kind: 'list', at, elements },
      elements.map(({ value }) => value),
    );
  }

  #elements(): ListElement[] {
    this.enter('elements', after.elements);
    try {
      const elements = [this.#optionalExpression(after.element)];
      while (this.look() === Kind.Comma && starts.optionalExpression.has(this.look(1))) {
        this.take();
        elements.push(this.#optionalExpression(after.element));
      }
      return elements;
    } catch (error) {
      this.abandon(error);
      return [];
    } finally {
      this.leave('elements');
    }
  }

  #optionalExpression(follow: Place): ListElement {
    const start = this.enter('optionalExpression', follow);
    try {
      this.sync(before.optionalExpression);
      const { at } = this.token;
      const optional = this.look() === Kind.Question;
      if (optional) this.take();
      const value = this.expression(after.optionalExpression);
      if (optional && !this.options.optionals) this.refuse("unsupported syntax '?'", at);
      return { value, optional };
    } catch (error) {
      this.abandon(error);
      return { value: broken(start), optional: false };
    } finally {
      this.leave('optionalExpression');
    }
  }

  protected map(): Expression {
    const { at } = this.take();
    this.sync(before.entries);
    const entries = starts.optionalExpression.has(this.look()) ? this.#entries() : [];
    this.sync(before.lastEntryComma);
    if (this.look() === Kind.Comma) this.take();
    this.match(expected.closeMap);
    return this.carry(
      { kind: 'map', at, entries },
      entries.flatMap(({ key, value }) => [key, value]),
    );
  }

  #entries(): MapEntry[] {
    const entry = (colon: typeof expected.entryColon): MapEntry => {
      const { value: key, optional } = this.#optionalExpression(after.key);
      const { at } = this.match(colon) ?? this.token;
      return { at, key, value: this.expression(after.entryValue), optional };
    };
    this.enter('entries', after.entries);
    try {
      const entries = [entry(expected.entryColon)];
      while (this.look() === Kind.Comma && starts.optionalExpression.has(this.look(1))) {
        this.take();
        entries.push(entry(expected.laterEntryColon));
      }
      return entries;
    } catch (error) {
      this.abandon(error);
      return [];
    } finally {
      this.leave('entries');
    }
  }

  protected struct(): Expression {
    let type = '';
    while (this.look() !== Kind.OpenBrace) type += this.take().text;
    const { at } = this.take();
    this.sync(before.fields);
    const fields = starts.field.has(this.look()) ? this.#fields() : [];
    this.sync(before.lastFieldComma);
    if (this.look() === Kind.Comma) this.take();
    this.match(expected.closeStruct);
    return this.carry(
      { kind: 'struct', at, type, fields },
      fields.map(({ value }) => value),
    );
  }

  #fields(): StructField[] {
    const field = (colon: typeof expected.entryColon): StructField => {
      const { name, optional } = this.#field();
      const { at } = this.match(colon) ?? this.token;
      return { at, name, value: this.expression(after.entryValue), optional };
    };
    this.enter('fields', after.entries);
    try {
      const fields = [field(expected.entryColon)];
      while (this.look() === Kind.Comma && starts.field.has(this.look(1))) {
        this.take();
        fields.push(field(expected.laterEntryColon));
      }
      return fields;
    } catch (error) {
      this.abandon(error);
      return [];
    } finally {
      this.leave('fields');
    }
  }

  #field(): { name: string; optional: boolean } {
    this.enter('field', after.key);
    try {
      this.sync(before.field);
      const { at } = this.token;
      const optional = this.look() === Kind.Question;
      if (optional) this.take();
      const name = this.name(after.name)?.text ?? '';
      if (optional && !this.options.optionals) this.refuse("unsupported syntax '?'", at);
      return { name, optional };
    } catch (error) {
      this.abandon(error);
      return { name: '', optional: false };
    } finally {
      this.leave('field');
    }
  }
}
