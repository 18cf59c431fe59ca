import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';

type Outputs = inferRouterOutputs<AppRouter>;
export type RequestForm = Outputs['request-forms']['listForms']['items'][number];

/** The portal's forms with what they can be made of: categories, and the fields that contacts may see and fill in. */
export function createRequestForms() {
  return createRecordQuery({
    key: () => ['request-form', 'list', 'settings'],
    fetch: async (signal) => {
      const [forms, fields, categories] = await Promise.all([
        api['request-forms'].listForms.query({}, { signal }),
        api['desk-fields'].listFields.query({}, { signal }),
        api['desk-catalogue'].listCategories.query({}, { signal }),
      ]);
      const askable = fields.items.filter(
        (field) => field.isActive && field.isPublic && field.type !== 'contact' && field.type !== 'asset',
      );
      return { forms: forms.items, fields: askable, categories: categories.items };
    },
  });
}
export type FormParts = NonNullable<ReturnType<ReturnType<typeof createRequestForms>['value']>>;
