/** The pages for residents that are nobody's first step into a call: fetched together, so that no call carries their list. */

export const ResidentScreens = {
  appointment: async () => (await import('./appointments/AppointmentRoute')).AppointmentRoute,
  eligibility: async () => (await import('./eligibility/EligibilityRoute')).EligibilityRoute,
  notices: async () => (await import('./notices/NoticesRoute')).NoticesRoute,
  services: async () => (await import('./portal/PortalRoute')).PortalRoute,
  ballot: async () => (await import('./ballot/BallotRoute')).BallotRoute,
  letter: async () => (await import('./letter/LetterRoute')).LetterRoute,
};
