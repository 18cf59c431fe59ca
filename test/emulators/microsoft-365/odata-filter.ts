import { invalidQuery, unsupportedQuery } from './graph-error.ts';
import type { GraphObject, Json } from './tenant.ts';

/** What one resource's `$filter` accepts; anything else is refused, as Graph does. */
export interface FilterRules {
  readonly resource: string;
  readonly properties: readonly string[];
  /** Whether `ne`, `not` and `endswith` are allowed: only with ConsistencyLevel and $count on directory objects. */
  readonly allowsAdvanced: boolean;
}

type Test = (object: GraphObject) => boolean;

const tokenPattern = /\s*('(?:[^']|'')*'|[()/,:]|\$count|[\w.-]+(?::\d\d[\w.:+-]*)?)/gy;

/** Compiles an expression, or refuses it with Graph's words. */
export function compileFilter(expression: string, rules: FilterRules): Test {
  const parser = new FilterParser(tokenize(expression), rules);
  return parser.parse();
}

function tokenize(expression: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(tokenPattern);
  const text = expression.trim();
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match?.[1] === undefined)
      throw invalidQuery(`Invalid filter clause: There is an unterminated or invalid literal.`);
    tokens.push(match[1]);
  }
  return tokens;
}

/** `or` of `and` of comparisons: eq, ne, gt, ge, lt, le, in, startswith, endswith, any with one equality. */
class FilterParser {
  private position = 0;
  private readonly tokens: readonly string[];
  private readonly rules: FilterRules;

  constructor(tokens: readonly string[], rules: FilterRules) {
    this.tokens = tokens;
    this.rules = rules;
  }

  parse(): Test {
    const test = this.either();
    if (this.position < this.tokens.length) throw this.syntaxError();
    return test;
  }

  private either(): Test {
    const tests = [this.both()];
    while (this.accept('or')) tests.push(this.both());
    return (object) => tests.some((test) => test(object));
  }

  private both(): Test {
    const tests = [this.single()];
    while (this.accept('and')) tests.push(this.single());
    return (object) => tests.every((test) => test(object));
  }

  private single(): Test {
    if (this.accept('(')) {
      const inner = this.either();
      this.expect(')');
      return inner;
    }
    if (this.accept('not')) {
      this.requireAdvanced('NotMatch');
      const inner = this.single();
      return (object) => !inner(object);
    }
    const name = this.next();
    if (name.toLowerCase() === 'startswith' || name.toLowerCase() === 'endswith') return this.affix(name.toLowerCase());
    if (this.accept('/')) return this.collection(name);
    return this.comparison(name);
  }

  private affix(name: string): Test {
    if (name === 'endswith') this.requireAdvanced('EndsWith');
    this.expect('(');
    const property = this.property(this.next());
    this.expect(',');
    const wanted = String(this.literal()).toLowerCase();
    this.expect(')');
    return (object) => {
      const value = String(object[property] ?? '').toLowerCase();
      return name === 'startswith' ? value.startsWith(wanted) : value.endsWith(wanted);
    };
  }

  /** assignedLicenses/any(x:x/skuId eq …), groupTypes/any(x:x eq '…'), assignedLicenses/$count eq 0 */
  private collection(name: string): Test {
    const property = this.property(name);
    if (this.accept('$count')) {
      this.requireAdvanced('CountMatch');
      const operator = this.next();
      const wanted = Number(this.literal());
      return (object) => compare(operator, listOf(object[property]).length, wanted);
    }
    this.expect('any');
    this.expect('(');
    const variable = this.next();
    this.expect(':');
    this.expect(variable);
    const member = this.accept('/') ? this.next() : undefined;
    this.expect('eq');
    const wanted = this.literal();
    this.expect(')');
    return (object) =>
      listOf(object[property]).some((item) => {
        const value = member === undefined ? item : (item as { [key: string]: Json })[member];
        return equals(value ?? null, wanted);
      });
  }

  private comparison(name: string): Test {
    const property = this.property(name);
    const operator = this.next().toLowerCase();
    if (operator === 'in') return this.membership(property);
    if (operator === 'ne') this.requireAdvanced('NotEqualsMatch');
    if (!['eq', 'ne', 'gt', 'ge', 'lt', 'le'].includes(operator)) throw this.syntaxError();
    const wanted = this.literal();
    return (object) => compare(operator, object[property] ?? null, wanted);
  }

  private membership(property: string): Test {
    this.expect('(');
    const wanted = [this.literal()];
    while (this.accept(',')) wanted.push(this.literal());
    this.expect(')');
    return (object) => wanted.some((value) => equals(object[property] ?? null, value));
  }

  private property(name: string): string {
    if (!this.rules.properties.includes(name)) {
      throw unsupportedQuery(
        `Unsupported or invalid query filter clause specified for property '${name}' of resource '${this.rules.resource}'.`,
      );
    }
    return name;
  }

  private literal(): Json {
    const token = this.next();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    return /^-?\d+(\.\d+)?$/.test(token) ? Number(token) : token;
  }

  private requireAdvanced(operator: string): void {
    if (this.rules.allowsAdvanced) return;
    throw unsupportedQuery(
      `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
    );
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position]?.toLowerCase() !== token.toLowerCase()) return false;
    this.position += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw this.syntaxError();
  }

  private next(): string {
    const token = this.tokens[this.position];
    if (token === undefined) throw this.syntaxError();
    this.position += 1;
    return token;
  }

  private syntaxError(): Error {
    return invalidQuery(
      `Invalid filter clause: Syntax error at position ${this.position} in '${this.tokens.join(' ')}'.`,
    );
  }
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function compare(operator: string, left: Json, right: Json): boolean {
  if (operator === 'eq') return equals(left, right);
  if (operator === 'ne') return !equals(left, right);
  if (left === null || right === null) return false;
  const order =
    typeof left === 'number' && typeof right === 'number' ? left - right : textOrder(String(left), String(right));
  if (operator === 'gt') return order > 0;
  if (operator === 'ge') return order >= 0;
  return operator === 'lt' ? order < 0 : order <= 0;
}

function textOrder(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Graph compares text without regard to case. */
function equals(left: Json, right: Json): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  return left === right;
}
