import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { matrixView, setMatrixInput, type PriorityMatrix } from './priority-matrix.ts';
import { categoryView, createCategoryInput, updateCategoryInput, type TicketCategories } from './ticket-categories.ts';

const READ = 'desk-catalogue.read-catalogue';
const MANAGE = 'desk-catalogue.manage-catalogue';
const versioned = z.object({ version: z.int() });

/** The matrix and the categories. */
export function deskCatalogueOperations(needs: {
  readonly matrix: PriorityMatrix;
  readonly categories: TicketCategories;
}) {
  return {
    getMatrix: defineQuery({
      name: 'desk-catalogue.get-matrix',
      permission: READ,
      input: z.object({}),
      output: matrixView,
      rest: { method: 'GET', path: '/ticket-priority-matrix', summary: 'Which priority impact and urgency give' },
      run: (scope) => needs.matrix.get(scope),
    }),
    setMatrix: defineCommand({
      name: 'desk-catalogue.set-matrix',
      permission: MANAGE,
      input: setMatrixInput,
      output: versioned,
      rest: {
        method: 'PUT',
        path: '/ticket-priority-matrix',
        summary: 'Change which priority impact and urgency give',
      },
      run: (scope, input) => needs.matrix.set(scope, input),
    }),
    listCategories: defineQuery({
      name: 'desk-catalogue.list-categories',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(categoryView) }),
      rest: { method: 'GET', path: '/ticket-categories', summary: 'The tree of categories' },
      run: async (scope) => ({ items: await needs.categories.list(scope) }),
    }),
    createCategory: defineCommand({
      name: 'desk-catalogue.create-category',
      permission: MANAGE,
      input: createCategoryInput,
      output: z.object({ categoryId: idSchema('desk-category') }),
      rest: { method: 'POST', path: '/ticket-categories', summary: 'Make a category' },
      run: (scope, input) => needs.categories.create(scope, input),
    }),
    updateCategory: defineCommand({
      name: 'desk-catalogue.update-category',
      permission: MANAGE,
      input: updateCategoryInput,
      output: versioned,
      rest: { method: 'PUT', path: '/ticket-categories/{categoryId}', summary: 'Change or retire a category' },
      run: (scope, input) => needs.categories.update(scope, input),
    }),
  };
}
