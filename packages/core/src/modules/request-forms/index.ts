/**
 * The forms by which a client's contacts ask for something in the portal: each with its words, a category and the custom fields that it asks for.
 * Owns: `request_form`, `request_form_field`.
 */
export { requestFormsModule } from './request-forms-module.ts';
export { RequestForms } from './request-forms.ts';
