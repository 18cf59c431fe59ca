import { checkValue } from '@bailiwick/plugin-runtime';
import { field, type Shape } from '@bailiwick/sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { shapeJsonSchema } from './field-json-schema.ts';

const shape = {
  name: field.text({ label: 'Name', help: 'As people call it.', max: 5, pattern: 'a+' }),
  mode: field.choice(['eco', 'fast'], { default: 'eco' }),
  count: field.integer({ min: 1, max: 3 }),
  share: field.number({ optional: true }),
  price: field.decimal({ optional: true }),
  isOn: field.boolean({ optional: true }),
  tags: field.list(field.text(), { max: 2, optional: true }),
  at: field.object({ port: field.integer() }, { optional: true }),
  anything: field.json({ optional: true }),
  host: field.entity('device', { optional: true }),
  pin: field.secret({ optional: true }),
} satisfies Shape;

it('says of each field what it is, and what must be given', () => {
  const schema = shapeJsonSchema(shape);
  expect(schema).toMatchObject({
    required: ['name', 'count'],
    additionalProperties: false,
    properties: {
      name: { title: 'Name', description: 'As people call it.', pattern: '^(?:a+)$' },
      mode: { enum: ['eco', 'fast'], default: 'eco' },
      pin: { writeOnly: true },
      host: { description: expect.stringContaining('externalId of such a record') as string },
    },
  });
});

it.each([
  [{ name: 'aa', count: 2 }, true],
  [{ name: 'aa', count: 2, mode: 'fast', share: 0.5, price: '-12.50', isOn: true, tags: ['x'], at: { port: 1 } }, true],
  [{ name: 'aa', count: 2, anything: { a: [1] }, host: 'd1', pin: '1234' }, true],
  [{ count: 2 }, false],
  [{ name: 'aaaaaa', count: 2 }, false],
  [{ name: 'b', count: 2 }, false],
  [{ name: 'aa', count: 4 }, false],
  [{ name: 'aa', count: 1.5 }, false],
  [{ name: 'aa', count: 2, mode: 'slow' }, false],
  [{ name: 'aa', count: 2, price: '1e5' }, false],
  [{ name: 'aa', count: 2, tags: ['x', 'y', 'z'] }, false],
  [{ name: 'aa', count: 2, at: { port: 'x' } }, false],
  [{ name: 'aa', count: 2, other: 1 }, false],
])('takes %j as the action itself does: %s', (value, isTaken) => {
  const schema = z.fromJSONSchema(shapeJsonSchema(shape) as Parameters<typeof z.fromJSONSchema>[0]);
  expect([schema.safeParse(value).success, checkValue(shape, value).ok]).toEqual([isTaken, isTaken]);
});
