/** The ids of what an application makes in itself, if it needs it. They are part of the logical ids, and never change. */
export const OWN_IDS = ['Resource', 'SecurityGroup', 'Image', 'DriverImage', 'ExecutorImage'];
